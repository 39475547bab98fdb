/// Eight bytes at a time: every text of every derivation is looked through several times.
///
/// The tests are those of "Bit Twiddling Hacks" (Sean Eron Anderson), "Determine if a word has a byte less than n":
/// a subtraction borrows into the highest bit of the bytes that are too small.
struct ByteWord {
    private let bits: UInt64

    static let size = 8

    private init(_ bits: UInt64) {
        self.bits = bits
    }

    /// The word that begins at an offset, where `isWhole` holds.
    @inline(__always)
    init(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        bits = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    /// Whether a word begins at an offset.
    @inline(__always)
    static func isWhole(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
        offset + size <= bytes.count
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// Whether a byte is below another, which is at most 128.
    @inline(__always)
    func hasByte(below limit: UInt8) -> Bool {
        (bits &- ByteWord.ones &* UInt64(limit)) & ~bits & ByteWord.highBits != 0
    }

    @inline(__always)
    func hasByte(_ byte: UInt8) -> Bool {
        ByteWord(bits ^ ByteWord.ones &* UInt64(byte)).hasByte(below: 1)
    }

    /// Whether `test` holds for a word of the bytes. Each byte is in a word; where their number is no
    /// multiple of eight some are in two, or in one word several times.
    @inline(__always)
    static func contains(
        _ bytes: UnsafeRawBufferPointer, where test: (ByteWord) -> Bool
    ) -> Bool {
        let count = bytes.count
        guard count >= size else { return count > 0 && test(short(bytes)) }
        var offset = 0
        while offset + size < count {
            if test(ByteWord(bytes, at: offset)) { return true }
            offset += size
        }
        return test(ByteWord(bytes, at: count - size))
    }

    /// One to seven bytes.
    @inline(__always)
    private static func short(_ bytes: UnsafeRawBufferPointer) -> ByteWord {
        let count = bytes.count
        if count >= 4 {
            let first = bytes.loadUnaligned(as: UInt32.self)
            let last = bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
            return ByteWord(UInt64(first) | UInt64(last) << 32)
        }
        let ends = UInt64(bytes[0]) &* (ones - 0x0101_0000)
        return ByteWord(ends | UInt64(bytes[count / 2]) << 16 | UInt64(bytes[count - 1]) << 24)
    }
}
