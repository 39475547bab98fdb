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
        guard digest.count == 32 else { return nil }
        words = digest.withUnsafeBytes { ContentHash.words($0) }
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
        var words: [UInt64] = [0, 0, 0, 0]
        for (position, byte) in hex.enumerated() {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            default: return nil
            }
            words[position / 16] = words[position / 16] << 4 | UInt64(digit)
        }
        self.words = (words[0], words[1], words[2], words[3])
    }

    public var description: String { ContentHash.prefix + hex }

    /// 64 lower-case hexadecimal digits.
    public var hex: String {
        // Each file's is written at least once: worth doing without texts in between.
        String(unsafeUninitializedCapacity: 64) { buffer in
            var position = 0
            for word in [words.0, words.1, words.2, words.3] {
                for shift in stride(from: UInt64(60), through: 0, by: -4) {
                    let digit = UInt8(truncatingIfNeeded: word >> shift & 0xF)
                    buffer[position] = digit < 10 ? 0x30 + digit : 0x57 + digit
                    position += 1
                }
            }
            return position
        }
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        [words.0, words.1, words.2, words.3].flatMap { word in
            stride(from: 56, through: 0, by: -8).map {
                UInt8(truncatingIfNeeded: word >> UInt64($0))
            }
        }
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
            bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
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
