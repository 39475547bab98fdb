internal import BrambleModel

internal import struct Crypto.SHA256

/// The digest of a content that comes in parts.
struct ContentHasher {
    private var function = SHA256()
    private var sizeBytes = 0

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        function.update(bufferPointer: bytes)
        sizeBytes += bytes.count
    }

    /// Of all that came so far.
    var digest: Digest {
        guard let hash = ContentHash(digest: Array(function.finalize())) else {
            preconditionFailure("a SHA-256 that is not of 32 bytes")
        }
        return Digest(hash: hash, sizeBytes: sizeBytes)
    }
}
