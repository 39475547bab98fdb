package import BrambleModel

extension ContentStore {
    /// Makes an object of a tree that refers to nothing.
    ///
    /// - Throws: `notFound` if a content is not there.
    package func add(_ tree: Tree) async throws(StoreError) -> StoredObject {
        try await add(tree, as: StoreName(tree: tree.root), references: [])
    }

    /// All of a content, checked.
    ///
    /// - Throws: `notFound`, `corrupt`.
    package func readBlob(_ digest: Digest) async throws(StoreError) -> [UInt8] {
        let blobs = try await readBlobs([digest])
        guard let bytes = blobs.first else {
            preconditionFailure("a store that gives no blob for a digest")
        }
        return bytes
    }

    package func forEachPart(
        of digest: Digest, _ take: @escaping @Sendable ([UInt8]) async throws(StoreError) -> Void
    ) async throws(StoreError) {
        var offset = 0
        while offset < digest.sizeBytes {
            let part = try await readBlob(digest, at: offset, limitBytes: BlobParts.sizeBytes)
            guard !part.isEmpty else {
                throw StoreError(.corrupt, "the blob `\(digest)` ends early")
            }
            try await take(part)
            offset += part.count
        }
    }

    package func copyBlob(
        _ digest: Digest, from source: any ContentStore
    ) async throws(StoreError) {
        try await addBlob(digest) { (offset, limit) throws(StoreError) in
            try await source.readBlob(digest, at: offset, limitBytes: limit)
        }
    }
}

package enum BlobParts {
    /// How much of a content is moved at once. 1 MiB: large against what a call costs, small against
    /// memory.
    package static let sizeBytes = 1 << 20
}
