/// The distinct byte strings of a file, numbered from 0, which is the empty string.
///
/// The keywords of the language always have the same numbers, from 1 to `Token.lastKeywordSymbol`.
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

    /// The symbol as text; invalid UTF-8 (possible in bytes literals only) is repaired.
    func text(_ id: SymbolID) -> String {
        String(decoding: bytes[range(id)], as: UTF8.self)
    }

    /// How many bytes the symbol has.
    func byteCount(_ id: SymbolID) -> Int { range(id).count }

    var count: Int { ends.count }

    // For the interner, which alone appends.

    mutating func reserveCapacity(symbols: Int, bytes byteCount: Int) {
        ends.reserveCapacity(symbols)
        bytes.reserveCapacity(byteCount)
    }

    mutating func append(_ start: UnsafePointer<UInt8>, count: Int) -> SymbolID {
        bytes.append(contentsOf: UnsafeBufferPointer(start: start, count: count))
        ends.append(UInt32(truncatingIfNeeded: bytes.count))
        return SymbolID(truncatingIfNeeded: ends.count &- 1)
    }

    /// Whether symbol `id`, which is not 0, has exactly these bytes.
    @inline(__always)
    func holds(_ other: UnsafePointer<UInt8>, count: Int, at id: SymbolID) -> Bool {
        let start = Int(ends[Int(id) &- 1])
        guard Int(ends[Int(id)]) &- start == count else { return false }
        return bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return false }
            return areEqual(base + start, other, count: count)
        }
    }

    /// Compares eight bytes at a time; both sides have `count` readable bytes.
    @inline(__always)
    private func areEqual(
        _ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, count: Int
    ) -> Bool {
        let left = UnsafeRawPointer(left)
        let right = UnsafeRawPointer(right)
        var offset = 0
        while offset &+ 8 <= count {
            let a = left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let b = right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            if a != b { return false }
            offset &+= 8
        }
        while offset < count {
            let a = left.load(fromByteOffset: offset, as: UInt8.self)
            if a != right.load(fromByteOffset: offset, as: UInt8.self) { return false }
            offset &+= 1
        }
        return true
    }
}
