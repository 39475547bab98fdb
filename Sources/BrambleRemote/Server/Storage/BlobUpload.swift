package import BrambleModel
internal import FoundationEssentials
internal import SwiftProtobuf
internal import Synchronization

/// A blob on its way into the storage: it is seen by others when it is complete and what it was said to be.
package final class BlobUpload: Sendable {
    private struct State {
        var file: IncomingFile?
        var hasher = ContentHasher()
        var decoder: FrameDecompressor?
        var receivedBytes = 0
    }

    private let folder: CacheFolder
    private let hash: ContentHash
    /// nil if it is not known in advance.
    private let sizeBytes: Int?
    private let state: Mutex<State>

    package init(
        _ folder: CacheFolder, hash: ContentHash, sizeBytes: Int?, isCompressed: Bool
    ) throws {
        if let sizeBytes, sizeBytes > folder.maximumBytes {
            throw CacheError(
                .noRoom,
                "a blob of \(sizeBytes) bytes is more than the \(folder.maximumBytes) there may be")
        }
        self.folder = folder
        self.hash = hash
        self.sizeBytes = sizeBytes
        state = Mutex(State())
        let decoder = isCompressed ? try FrameDecompressor() : nil
        let file = try IncomingFile(in: folder)
        state.withLock { state in
            state.decoder = decoder
            state.file = file
        }
    }

    /// How much has come, as it came: compressed, if it is.
    package var receivedBytes: Int { state.withLock(\.receivedBytes) }

    /// Takes the next bytes. Blocks.
    ///
    /// - Throws: `CacheError`: `malformed` as soon as it can't be what it was said to be; the upload is of no
    ///   use then.
    package func append(_ bytes: UnsafeRawBufferPointer) throws {
        try state.withLock { state in
            state.receivedBytes += bytes.count
            guard let decoder = state.decoder else { return try write(bytes, &state) }
            // Frames without content would let it go on for ever.
            if let sizeBytes, state.receivedBytes > sizeBytes + sizeBytes / 8 + 4096 {
                throw CacheError(
                    .malformed, "more came for the blob `\(hash.hex)` than it can take compressed")
            }
            try decoder.decode(bytes) { try write($0, &state) }
        }
    }

    func append(_ data: Data) throws {
        try data.withUnsafeBytes { try append($0) }
    }

    private func write(_ bytes: UnsafeRawBufferPointer, _ state: inout State) throws {
        guard let file = state.file else {
            throw CacheError(.malformed, "the upload of `\(hash.hex)` has ended")
        }
        if let sizeBytes, file.sizeBytes + bytes.count > sizeBytes {
            throw CacheError(
                .malformed, "more came for the blob `\(hash.hex)` than its \(sizeBytes) bytes")
        }
        state.hasher.update(bytes)
        try file.write(bytes)
    }

    /// Puts it into the storage. Blocks.
    ///
    /// - Returns: Its size.
    /// - Throws: `CacheError`: `malformed` if it is not what it was said to be.
    @discardableResult
    package func finish() throws -> Int {
        try state.withLock { state in
            guard let file = state.file else {
                throw CacheError(.malformed, "the upload of `\(hash.hex)` has ended")
            }
            if let decoder = state.decoder, !decoder.isAtEndOfFrame {
                throw CacheError(
                    .malformed, "the compressed bytes of the blob `\(hash.hex)` end early")
            }
            let actual = state.hasher.digest
            guard actual.hash == hash, sizeBytes == nil || actual.sizeBytes == sizeBytes else {
                throw CacheError(
                    .malformed,
                    "what came for the blob `\(hash.hex)/\(sizeBytes ?? actual.sizeBytes)` "
                        + "is `\(actual)`")
            }
            state.file = nil
            // The empty blob needs no file.
            if actual.sizeBytes > 0 { try file.keep(as: .blob(hash)) }
            return actual.sizeBytes
        }
    }
}
