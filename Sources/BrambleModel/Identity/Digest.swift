/// What a blob or a tree is known by: the SHA-256 of its bytes, and how many they are (REAPI v2,
/// `Digest`). Written as in REAPI resource names: 64 hexadecimal digits, `/`, the size.
public struct Digest: TextRepresentable, Hashable {
    public let hash: ContentHash
    public let sizeBytes: Int

    /// - Precondition: The size is not negative.
    public init(hash: ContentHash, sizeBytes: Int) {
        precondition(sizeBytes >= 0, "a digest of a negative size")
        self.hash = hash
        self.sizeBytes = sizeBytes
    }

    /// The digest of bytes.
    public init(of bytes: [UInt8]) {
        self.init(hash: ContentHash(of: bytes), sizeBytes: bytes.count)
    }

    public init(_ text: String) throws(Fault) {
        // The index has one for each object: worth reading from its bytes.
        var bytes = text
        let digest = bytes.withUTF8 { bytes in
            guard bytes.count > 65, bytes[64] == UInt8(ascii: "/"),
                let hash = ContentHash(hex: bytes[..<64]), let size = Int(decimal: bytes[65...])
            else { return Digest?.none }
            return Digest(hash: hash, sizeBytes: size)
        }
        guard let digest else {
            throw Fault(
                .invalidText, "\(quoted(text)) is not a digest",
                hint: "write 64 lower-case hexadecimal digits, `/`, and the size in bytes")
        }
        self = digest
    }

    public var description: String { "\(hash.hex)/\(sizeBytes)" }
}

extension Digest: Comparable {
    /// By hash, then by size.
    public static func < (left: Digest, right: Digest) -> Bool {
        (left.hash, left.sizeBytes) < (right.hash, right.sizeBytes)
    }
}

extension Int {
    /// A number in its one decimal form: no sign, no leading zeros.
    init?(decimal digits: some Collection<UInt8>) {
        guard let first = digits.first, digits.allSatisfy(\.isASCIIDigit),
            first != UInt8(ascii: "0") || digits.count == 1
        else { return nil }
        self.init(String(decoding: digits, as: UTF8.self))
    }
}
