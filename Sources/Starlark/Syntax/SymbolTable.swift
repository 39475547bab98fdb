/// The distinct byte strings of a file, numbered from 0, which is the empty string.
struct SymbolTable: Sendable {
    /// All strings one after the other.
    private(set) var bytes: [UInt8] = []
    /// Where string i ends; it starts where its predecessor ends.
    private(set) var ends: [UInt32] = [0]

    /// The range of `bytes` that symbol `id` takes.
    func range(_ id: SymbolID) -> Range<Int> {
        let start = id == 0 ? 0 : Int(ends[Int(id) - 1])
        return start..<Int(ends[Int(id)])
    }

    /// The symbol as text; invalid UTF-8 (possible in string literals only) is repaired.
    func text(_ id: SymbolID) -> String {
        String(decoding: bytes[range(id)], as: UTF8.self)
    }

    var count: Int { ends.count }
}
