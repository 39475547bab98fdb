internal import SwiftProtobuf
internal import Synchronization

/// Uploads by their names, so that a client whose connection broke can go on where it was.
final class UploadRegister: Sendable {
    private struct Entry {
        let upload: BlobUpload
        /// Whether a stream writes to it now.
        var isBusy: Bool
        var lastUse: ContinuousClock.Instant
    }

    private let entries = Mutex<[ResourceName: Entry]>([:])

    /// How long a client may be away.
    private static let patience = Duration.seconds(600)
    /// Each takes a file, and space on disk.
    private static let maximumCount = 1000

    /// Takes up an upload, or begins it.
    ///
    /// - Parameter offset: Where the client goes on: 0 to begin anew.
    /// - Throws: `malformed` if the upload has not come as far; `noRoom` if there are too many.
    func take(
        _ name: ResourceName, offset: Int, _ makeUpload: () throws -> BlobUpload
    ) throws -> BlobUpload {
        try entries.withLock { entries in
            let now = ContinuousClock.now
            entries = entries.filter {
                $0.value.isBusy || now - $0.value.lastUse < UploadRegister.patience
            }
            if let entry = entries[name], offset > 0 {
                guard !entry.isBusy, entry.upload.receivedBytes == offset else {
                    throw CacheError(
                        .malformed,
                        "the upload of `\(name.digest)` is at \(entry.upload.receivedBytes), "
                            + "not at \(offset): ask QueryWriteStatus")
                }
                entries[name]?.isBusy = true
                return entry.upload
            }
            guard offset == 0 else {
                throw CacheError(
                    .malformed, "there is no upload of `\(name.digest)` to go on with: begin at 0")
            }
            guard entries.count < UploadRegister.maximumCount else {
                throw CacheError(.noRoom, "there are too many uploads at once")
            }
            let upload = try makeUpload()
            entries[name] = Entry(upload: upload, isBusy: true, lastUse: now)
            return upload
        }
    }

    /// A stream has ended before its upload: it may be taken up again.
    func put(back name: ResourceName, _ upload: BlobUpload) {
        entries.withLock { entries in
            guard entries[name]?.upload === upload else { return }
            entries[name]?.isBusy = false
            entries[name]?.lastUse = .now
        }
    }

    /// An upload has ended, well or not.
    func remove(_ name: ResourceName, _ upload: BlobUpload) {
        entries.withLock { entries in
            if entries[name]?.upload === upload { entries[name] = nil }
        }
    }

    /// How much has come of an upload; nil if there is none.
    func receivedBytes(_ name: ResourceName) -> Int? {
        entries.withLock { $0[name]?.upload }?.receivedBytes
    }
}
