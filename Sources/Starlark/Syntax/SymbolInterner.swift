/// Builds a `SymbolTable`: gives every distinct byte string a number, in order of first appearance.
///
/// An open-addressing table with linear probing at half load, over the bytes that the symbol table
/// holds anyway. The hash is seeded per process, so that a hostile file can't aim at one slot.
struct SymbolInterner {
    private struct Slot {
        var hash: UInt32
        /// 0 marks a free slot: the empty string, symbol 0, never enters the table.
        var symbol: SymbolID
    }

    private(set) var table: SymbolTable
    private var slots: [Slot]
    private var mask: Int
    private let seed: UInt64

    /// A table that holds the keywords, as symbols from 1, and has room for a file of `byteCount`
    /// bytes.
    init(fileSize byteCount: Int) {
        // Half of a typical file is names and strings, most of which are seen more than once; 64
        // bytes of source per slot grow the table at most twice. Doubling past that is cheap.
        var capacity = 256
        while capacity < byteCount / 64 { capacity *= 2 }
        slots = Array(repeating: Slot(hash: 0, symbol: 0), count: capacity)
        mask = capacity - 1
        seed = UInt64(truncatingIfNeeded: Hasher().finalize()) | 1
        table = SymbolTable()
        table.reserveCapacity(symbols: byteCount / 64 + 64, bytes: byteCount / 8 + 256)
        for spelling in Token.keywordSpellings {
            _ = intern(spelling.utf8Start, count: spelling.utf8CodeUnitCount)
        }
    }

    /// The symbol of the `count` bytes at `start`, which the table copies if they are new to it.
    mutating func intern(_ start: UnsafePointer<UInt8>, count: Int) -> SymbolID {
        guard count > 0 else { return 0 }
        let hash = self.hash(start, count)
        var index = Int(hash) & mask
        while true {
            let slot = slots[index]
            if slot.symbol == 0 { break }
            if slot.hash == hash && table.holds(start, count: count, at: slot.symbol) {
                return slot.symbol
            }
            index = (index &+ 1) & mask
        }
        let symbol = table.append(start, count: count)
        slots[index] = Slot(hash: hash, symbol: symbol)
        if table.count &* 2 > slots.count { grow() }
        return symbol
    }

    mutating func intern(_ bytes: [UInt8]) -> SymbolID {
        bytes.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return 0 }
            return intern(start, count: buffer.count)
        }
    }

    @inline(never)
    private mutating func grow() {
        let capacity = slots.count * 2
        var larger = Array(repeating: Slot(hash: 0, symbol: 0), count: capacity)
        mask = capacity - 1
        for slot in slots where slot.symbol != 0 {
            var index = Int(slot.hash) & mask
            while larger[index].symbol != 0 { index = (index &+ 1) & mask }
            larger[index] = slot
        }
        slots = larger
    }

    /// Eight bytes at a time, each folded in by a multiplication of 64 by 64 bits. The last load
    /// overlaps the one before it, so that no byte outside the string is read.
    @inline(__always)
    private func hash(_ start: UnsafePointer<UInt8>, _ count: Int) -> UInt32 {
        let bytes = UnsafeRawPointer(start)
        var state = seed &+ UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
        let tail: UInt64
        if count >= 8 {
            var offset = 0
            while offset < count &- 8 {
                let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                state = fold(state ^ word, 0xA076_1D64_78BD_642F ^ seed)
                offset &+= 8
            }
            tail = bytes.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
        } else if count >= 4 {
            let low = bytes.loadUnaligned(as: UInt32.self)
            let high = bytes.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
            tail = UInt64(low) | UInt64(high) << 32
        } else {
            tail =
                UInt64(start[0]) | UInt64(start[count >> 1]) << 8 | UInt64(start[count &- 1]) << 16
        }
        let mixed = fold(state ^ tail, 0xE703_7ED1_A0B4_28DB ^ seed)
        return UInt32(truncatingIfNeeded: mixed ^ (mixed >> 32))
    }

    @inline(__always)
    private func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }
}
