internal import BrambleModel
internal import SwiftProtobuf

/// A blob on its way out, part by part.
///
/// `@unchecked Sendable`: the one call that it serves asks for one part after the other.
final class OutgoingBlob: @unchecked Sendable {
    let digest: Digest
    private let file: CachedFile?
    private let encoder: FrameCompressor?
    private let end: Int
    private var offset: Int
    /// Of what is read whole, so that damage does not go unnoticed; nil for parts.
    private var hasher: ContentHasher?
    private var isAtEnd = false
    /// Whether what was read was not what it should be; known when all is read.
    private(set) var isDamaged = false

    init(file: CachedFile?, digest: Digest, offset: Int, end: Int, encoder: FrameCompressor?) {
        self.file = file
        self.digest = digest
        self.offset = offset
        self.end = end
        self.encoder = encoder
        hasher = offset == 0 && end == digest.sizeBytes ? ContentHasher() : nil
    }

    /// The next bytes to be sent, which may be none; nil at the end. Blocks.
    func next() throws -> [UInt8]? {
        if isAtEnd { return nil }
        let limit = min(ServerLimits.readBytes, end - offset)
        let bytes = try file?.read(at: offset, limit: limit) ?? []
        offset += bytes.count
        bytes.withUnsafeBytes { hasher?.update($0) }
        isAtEnd = offset >= end
        if isAtEnd, let hasher { isDamaged = hasher.digest != digest }
        // A damaged blob must not look whole: its last part is not sent.
        if isDamaged { return nil }
        guard let encoder else { return bytes }
        return try bytes.withUnsafeBytes { try encoder.encode($0, isLast: isAtEnd) }
    }
}
