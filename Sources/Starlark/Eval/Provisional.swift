public import SourceDiagnostics
func suggestion(for name: String, among names: [String]) -> String? { nil }
func closestMatch(to: String, among: [String]) -> String? { nil }
public struct CallFrame: Sendable {
    public var function: String
    public var file: SourceFile
    public var span: SourceSpan
}
extension HostReference { static let size = 16
 func retain() {}
 func call(_ a: Interpreter.Arguments, _ m: Machine) throws(Failure) -> Value { .none } }
extension SyntaxTree {
    func nameSpan(ofDef id: NodeID) -> SourceSpan {
        let node = nodes[Int(id)]
        var start = Int(node.start) + 3
        while start < file.bytes.count, file.bytes[start] == 32 { start += 1 }
        return SourceSpan(start: UInt32(start), end: UInt32(start + symbols.range(node.a).count))
    }
}
