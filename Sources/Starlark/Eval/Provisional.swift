public import SourceDiagnostics
func suggestion(for name: String, among names: [String]) -> String? { nil }
extension Machine { func printLine(_ b: UnsafeBufferPointer<UInt8>) { context.printHandler(b) } }
extension HostReference { static let size = 16
 func retain() {}
 func call(_ a: Interpreter.Arguments, _ m: Machine) throws(Failure) -> Value { .none } }
extension FunctionObject { var name: String { StringObject(code.pointee.name).text } }
public struct Environment { var values: [String: StarlarkValue] = [:]; public init() {} }
extension Arithmetic {
    static func unary(_ op: Operator, _ x: Value, in arena: Arena) throws(Failure) -> Value? {
        switch op { case .minus: try negate(x, in: arena); case .plus: plus(x); case .tilde: try invert(x, in: arena); default: nil }
    }
}
extension ByteBuilder {
    mutating func append(decimal value: Value) throws(Failure) { try append(integer: value) }
    mutating func append(float: Double, conversion: UInt8) throws(Failure) {
        let lower = conversion | 0x20
        try append(float: float, style: lower == UInt8(ascii: "e") ? .exponent : lower == UInt8(ascii: "f") ? .fixed : .compact, uppercase: lower != conversion) }
    mutating func append(integer value: Value, radix: Int, uppercase: Bool) throws(Failure) {
        try append(integer: value, base: radix, uppercase: uppercase)
    }
}
enum NumberParser {
    static func int(_ bytes: UnsafeBufferPointer<UInt8>, base: Int, in arena: Arena) throws(Failure) -> Value? {
        try NumberText.parseInt(bytes, base: base, in: arena)
    }
    static func float(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? { if case .number(let n) = NumberText.parseFloat(bytes) { return n }; return nil }
}
extension Value {
    func truncatedToInt(in arena: Arena) throws(Failure) -> Value { try Arithmetic.truncate(self, in: arena) ?? self }
    func asDouble() throws(Failure) -> Double { try Arithmetic.double(self) ?? 0 }
}
