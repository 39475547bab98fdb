internal import Crypto

/// Computes the hash, or the digest, of bytes that come in pieces.
public struct ContentHasher: Sendable {
    private var function = SHA256()
    private var sizeBytes = 0

    public init() {}

    /// Adds bytes behind those that were added before.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        function.update(bufferPointer: bytes)
        sizeBytes += bytes.count
    }

    /// The hash of all bytes that were added; more may be added afterwards.
    public func finish() -> ContentHash {
        ContentHash(words: function.finalize().withUnsafeBytes { ContentHash.words($0) })
    }

    /// The same with the number of bytes.
    public var digest: Digest { Digest(hash: finish(), sizeBytes: sizeBytes) }
}
