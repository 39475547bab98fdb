internal import BrambleModel
internal import BrambleREAPI
internal import BrambleStore
internal import FoundationEssentials

/// The server's own storage as a store: what builds of this server yield is put there as clients put
/// what they build, and found by them as such.
final class CacheStore: EntryStore {
    let memo = EntryMemo(signing: nil, trusted: nil)
    private let results: ActionResults
    /// Each instance has results of its own.
    private let instance: String
    private let threads: DiskThreads

    init(_ results: ActionResults, instance: String, _ threads: DiskThreads) {
        self.results = results
        self.instance = instance
        self.threads = threads
    }

    var placeName: String { "the server's cache" }

    private var folder: CacheFolder { results.folder }

    // MARK: - Entries

    func result(of action: Digest) async throws(StoreError) -> ActionResultMessage? {
        try await run { [results, instance] in
            try results.find(action.hash, instance: instance)
        }
    }

    func keep(_ result: ActionResultMessage, of action: Digest) async throws(StoreError) {
        try await run { [results, instance] in
            try results.keep(result, by: .server, of: action.hash, instance: instance)
        }
    }

    func addContents(_ contents: [BlobContent]) async throws(StoreError) {
        try await addBlobs(contents)
    }

    // MARK: - Blobs

    func missingBlobs(_ digests: [Digest]) async throws(StoreError) -> [Digest] {
        folder.missing(digests)
    }

    func readBlob(
        _ digest: Digest, at offset: Int, limitBytes: Int
    ) async throws(StoreError) -> [UInt8] {
        guard offset >= 0, limitBytes >= 0, offset <= digest.sizeBytes else {
            throw StoreError(.malformed, "there is nothing at \(offset) in the blob `\(digest)`")
        }
        if digest == CacheFolder.emptyDigest { return [] }
        return try await run { [folder] in
            try folder.openBlob(digest).read(at: offset, limit: limitBytes)
        }
    }

    func readBlobs(_ digests: [Digest]) async throws(StoreError) -> [[UInt8]] {
        try await run { [folder] in try digests.map { try folder.readBlob($0) } }
    }

    func addBlobs(_ contents: [BlobContent]) async throws(StoreError) {
        try await run { [folder] in
            for content in contents { try folder.addBlob(Data(content.bytes), content.digest) }
        }
    }

    func addBlob(
        _ digest: Digest, _ read: @escaping BlobReading
    ) async throws(StoreError) {
        if folder.missing([digest]).isEmpty { return }
        let upload = try await run { [folder] in
            try BlobUpload(
                folder, hash: digest.hash, sizeBytes: digest.sizeBytes, isCompressed: false)
        }
        var offset = 0
        while true {
            let part = try await read(offset, BlobParts.sizeBytes)
            guard !part.isEmpty else { break }
            offset += part.count
            try await run { try part.withUnsafeBytes { try upload.append($0) } }
        }
        try await run { _ = try upload.finish() }
    }

    // MARK: -

    private func run<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws(StoreError) -> Result {
        do {
            return try await threads.run(body)
        } catch let error as StoreError {
            throw error
        } catch let error as MissingBlobs {
            throw StoreError(.notFound, error.rpcErrorMessage)
        } catch let error as CacheError {
            throw StoreError(error)
        } catch {
            throw StoreError(.unreachable, "\(error)")
        }
    }
}

extension StoreError {
    /// A failure of the server's own storage.
    init(_ error: CacheError) {
        let code: Code =
            switch error.code {
            case .notFound: .notFound
            case .malformed, .damaged: .corrupt
            case .noRoom, .quota, .files: .system
            }
        self.init(code, error.message)
    }
}
