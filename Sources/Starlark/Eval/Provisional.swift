func suggestion(for name: String, among names: [String]) -> String? { nil }
extension Machine { func printLine(_ b: UnsafeBufferPointer<UInt8>) { context.printHandler(b) } }
extension HostReference { static let size = 16
 func retain() {}
 func call(_ a: Interpreter.Arguments, _ m: Machine) throws(Failure) -> Value { .none } }
extension FunctionObject { var name: String { StringObject(code.pointee.name).text } }
public struct Environment { var values: [String: StarlarkValue] = [:]; public init() {} }
