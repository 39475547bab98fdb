internal import Crypto

/// Computes a `ContentHash` of bytes that come in pieces.
public struct ContentHasher: Sendable {
    private var function = SHA256()

    public init() {}

    /// Adds bytes behind those that were added before.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        function.update(bufferPointer: bytes)
    }

    /// The hash of all bytes that were added; more may be added afterwards.
    public func finish() -> ContentHash {
        guard let hash = ContentHash(digest: Array(function.finalize())) else {
            preconditionFailure("a SHA-256 that is not 32 bytes long")
        }
        return hash
    }
}
