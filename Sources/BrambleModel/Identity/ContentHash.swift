internal import Crypto

/// A SHA-256 of some bytes, as a user writes it: `sha256-` and 64 lower-case hexadecimal digits.
public struct ContentHash: TextRepresentable, Hashable {
    /// The 32 bytes, first in the highest byte of the first word.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Hashes bytes.
    public init(of bytes: [UInt8]) {
        var function = SHA256()
        bytes.withUnsafeBytes { function.update(bufferPointer: $0) }
        words = function.finalize().withUnsafeBytes { ContentHash.words($0) }
    }

    /// - Parameter words: The 32 bytes, first in the highest byte of the first word.
    init(words: (UInt64, UInt64, UInt64, UInt64)) {
        self.words = words
    }

    /// Takes a SHA-256 that was computed elsewhere.
    ///
    /// - Returns: nil unless there are 32 bytes.
    public init?(digest: [UInt8]) {
        guard let hash = digest.withUnsafeBytes({ ContentHash(digest: $0) }) else { return nil }
        self = hash
    }

    /// The same, of bytes that stand anywhere.
    package init?(digest: UnsafeRawBufferPointer) {
        guard digest.count == 32 else { return nil }
        words = ContentHash.words(digest)
    }

    public init(_ text: String) throws(Fault) {
        let digits = text.utf8.dropFirst(ContentHash.prefix.utf8.count)
        guard text.utf8.starts(with: ContentHash.prefix.utf8), let hash = ContentHash(hex: digits)
        else {
            throw Fault(
                .invalidText, "\(quoted(text)) is not a hash of a content",
                hint: "write `sha256-` and 64 lower-case hexadecimal digits, as `sha256sum` prints")
        }
        self = hash
    }

    /// - Returns: nil unless the text is 64 lower-case hexadecimal digits.
    package init?(hex: some Collection<UInt8>) {
        guard hex.count == 64 else { return nil }
        var digits = hex.makeIterator()
        func word() -> UInt64? {
            var word: UInt64 = 0
            for _ in 0..<16 {
                guard let digit = digits.next().flatMap(ContentHash.value) else { return nil }
                word = word << 4 | digit
            }
            return word
        }
        guard let first = word(), let second = word(), let third = word(), let fourth = word()
        else { return nil }
        words = (first, second, third, fourth)
    }

    private static func value(_ digit: UInt8) -> UInt64? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(digit - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(digit - UInt8(ascii: "a") + 10)
        default: nil
        }
    }

    public var description: String { ContentHash.prefix + hex }

    /// 64 lower-case hexadecimal digits.
    public var hex: String {
        // Each file's is written at least once: worth doing without texts in between.
        String(unsafeUninitializedCapacity: 64) { buffer in
            write(hexInto: buffer.baseAddress)
            return 64
        }
    }

    /// Adds the 64 digits.
    package func append(hexTo bytes: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { buffer in
            write(hexInto: buffer.baseAddress)
            bytes.append(contentsOf: UnsafeBufferPointer(buffer))
        }
    }

    /// - Parameter target: Has room for 64 bytes.
    private func write(hexInto target: UnsafeMutablePointer<UInt8>?) {
        guard let target else { return }
        func write(_ word: UInt64, at start: Int) {
            var rest = word
            for position in stride(from: start + 15, through: start, by: -1) {
                let digit = UInt8(truncatingIfNeeded: rest & 0xF)
                target[position] = digit < 10 ? 0x30 + digit : 0x57 + digit
                rest >>= 4
            }
        }
        write(words.0, at: 0)
        write(words.1, at: 16)
        write(words.2, at: 32)
        write(words.3, at: 48)
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    /// Adds the 32 bytes.
    package func append(to bytes: inout [UInt8]) {
        let content = (
            words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian
        )
        withUnsafeBytes(of: content) { bytes.append(contentsOf: $0) }
    }

    public static func == (left: ContentHash, right: ContentHash) -> Bool {
        left.words == right.words
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }

    private static let prefix = "sha256-"

    /// - Parameter bytes: 32 of them.
    static func words(_ bytes: UnsafeRawBufferPointer) -> (UInt64, UInt64, UInt64, UInt64) {
        func word(_ start: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
        }
        return (word(0), word(8), word(16), word(24))
    }
}

extension ContentHash: Comparable {
    /// The order of the texts.
    public static func < (left: ContentHash, right: ContentHash) -> Bool {
        left.words < right.words
    }
}
