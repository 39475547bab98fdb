package import BrambleModel
package import BrambleStore

extension RemoteStore {
    package func missingBlobs(_ digests: [Digest]) async throws(StoreError) -> [Digest] {
        try await RemoteStore.storing { () throws(RemoteError) in try await cas.missing(digests) }
    }

    package func readBlobs(_ digests: [Digest]) async throws(StoreError) -> [[UInt8]] {
        try await RemoteStore.storing { () throws(RemoteError) in try await cas.read(digests) }
    }

    /// A part of a content, by a stream that begins there and is left when enough has come.
    package func readBlob(
        _ digest: Digest, at offset: Int, limitBytes: Int
    ) async throws(StoreError) -> [UInt8] {
        guard offset >= 0, limitBytes >= 0, offset <= digest.sizeBytes else {
            throw StoreError(.malformed, "there is nothing at \(offset) in the blob `\(digest)`")
        }
        return try await RemoteStore.storing { () throws(RemoteError) in
            try await RemoteStream(cas: cas).part(of: digest, at: offset, limitBytes: limitBytes)
        }
    }

    package func forEachPart(
        of digest: Digest, _ take: @escaping @Sendable ([UInt8]) async throws(StoreError) -> Void
    ) async throws(StoreError) {
        do throws(RemoteError) {
            try await RemoteStream(cas: cas).read(digest) { part in try await take(part) }
        } catch {
            throw StoreError(error)
        }
    }

    package func addBlobs(_ contents: [BlobContent]) async throws(StoreError) {
        for content in contents where Digest(of: content.bytes) != content.digest {
            throw StoreError(
                .corrupt, "the blob `\(content.digest)` is `\(Digest(of: content.bytes))`")
        }
        try await RemoteStore.storing { () throws(RemoteError) in try await cas.write(contents) }
    }

    package func addBlob(
        _ digest: Digest, _ read: @escaping BlobReading
    ) async throws(StoreError) {
        try await RemoteStore.storing { () throws(RemoteError) in
            try await RemoteStream(cas: cas).write(digest) { offset, limit in
                try await read(offset, limit)
            }
        }
    }

    static func storing<Result>(
        _ body: () async throws(RemoteError) -> Result
    ) async throws(StoreError) -> Result {
        do throws(RemoteError) {
            return try await body()
        } catch {
            throw StoreError(error)
        }
    }
}
