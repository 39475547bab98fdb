internal import Crypto

/// What a hash is of. Each kind hashes a line of its own before the content, so that no content of
/// one kind has the hash of another; the number is the version of the format.
enum HashDomain: String, CaseIterable {
    case derivation = "bramble/derivation/1\n"
    case resolvedDerivation = "bramble/resolved-derivation/1\n"
    case recipeKey = "bramble/recipe-key/1\n"
    case placeholder = "bramble/placeholder/1\n"
    case storeObject = "bramble/object/1\n"
}

/// The first 160 bits of a SHA-256 as 32 characters of base32 (RFC 4648 alphabet, lower case).
///
/// The text is what is kept, eight characters a word, first character in the highest byte: so the
/// order of the words is the order of the texts. (The order of the bits is another: `2` to `7`
/// sort before `a` as text, and after `z` as bits.)
struct ShortHash: Hashable, Sendable {
    static let length = 32

    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// - Returns: nil unless the text is 32 characters from `a` to `z` and `2` to `7`.
    init?(_ text: UnsafeBufferPointer<UInt8>) {
        guard text.count == ShortHash.length else { return nil }
        let raw = UnsafeRawBufferPointer(text)
        func word(_ start: Int) -> UInt64 {
            UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: start, as: UInt64.self))
        }
        words = (word(0), word(8), word(16), word(24))
        guard ShortHash.areDigits(words.0), ShortHash.areDigits(words.1),
            ShortHash.areDigits(words.2), ShortHash.areDigits(words.3)
        else { return nil }
    }

    /// Whether eight characters are digits. Adding what a byte lacks to 128 sets its highest bit if it is
    /// large enough, and never carries where all bytes are below 128.
    private static func areDigits(_ characters: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        func reaching(_ least: UInt8) -> UInt64 { characters &+ ones &* UInt64(0x80 - least) }
        let letters = reaching(UInt8(ascii: "a")) & ~reaching(UInt8(ascii: "z") + 1)
        let numerals = reaching(UInt8(ascii: "2")) & ~reaching(UInt8(ascii: "7") + 1)
        return characters & (ones &* 0x80) == 0
            && (letters | numerals) & (ones &* 0x80) == ones &* 0x80
    }

    init?(_ text: some Collection<UInt8>) {
        let fast = text.withContiguousStorageIfAvailable { ShortHash($0) }
        guard let hash = fast ?? Array(text).withUnsafeBufferPointer({ ShortHash($0) }) else {
            return nil
        }
        self = hash
    }

    /// Hashes a content of a kind.
    init(_ domain: HashDomain, _ content: [UInt8]) {
        self = content.withUnsafeBytes { ShortHash(domain, $0) }
    }

    /// The same, of bytes that stand anywhere.
    init(_ domain: HashDomain, _ content: UnsafeRawBufferPointer) {
        var function = SHA256()
        var prefix = domain.rawValue
        prefix.withUTF8 { function.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        function.update(bufferPointer: content)
        words = function.finalize().withUnsafeBytes { digest in
            (
                ShortHash.word(digest, 0), ShortHash.word(digest, 5),
                ShortHash.word(digest, 10), ShortHash.word(digest, 15)
            )
        }
    }

    /// Five bytes as eight characters.
    private static func word(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> UInt64 {
        var bits: UInt64 = 0
        for offset in start..<start + 5 { bits = bits << 8 | UInt64(bytes[offset]) }
        var text: UInt64 = 0
        for position in 0..<8 {
            let digit = UInt8(truncatingIfNeeded: bits >> UInt64(35 - 5 * position)) & 31
            let character = digit < 26 ? digit + UInt8(ascii: "a") : digit - 26 + UInt8(ascii: "2")
            text = text << 8 | UInt64(character)
        }
        return text
    }

    /// The number of `leadingBits`.
    static let leadingBitCount = 20

    /// The first four characters as a number, in the order of the texts.
    var leadingBits: Int {
        var bits = 0
        for position in 0..<4 {
            let character = UInt8(truncatingIfNeeded: words.0 >> UInt64(56 - 8 * position))
            // `2` to `7` come before `a`.
            let isLetter = character >= UInt8(ascii: "a")
            bits =
                bits << 5
                | Int(isLetter ? character - UInt8(ascii: "a") + 6 : character - UInt8(ascii: "2"))
        }
        return bits
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        byte.isASCIILowercase || (byte >= UInt8(ascii: "2") && byte <= UInt8(ascii: "7"))
    }

    func append(to bytes: inout [UInt8]) {
        withBytes { bytes.append(contentsOf: $0) }
    }

    /// Runs `body` with the characters.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let text = (
            words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian
        )
        return withUnsafeBytes(of: text) { body($0) }
    }

    static func == (left: ShortHash, right: ShortHash) -> Bool {
        left.words == right.words
    }

    func hash(into hasher: inout Hasher) {
        // All of it: who writes a graph chooses the hashes in it, valid or not.
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}

extension ShortHash: Comparable {
    static func < (left: ShortHash, right: ShortHash) -> Bool {
        left.words < right.words
    }
}

extension ShortHash: CustomStringConvertible {
    var description: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(ShortHash.length)
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
