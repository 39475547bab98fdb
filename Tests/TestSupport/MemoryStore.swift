package import BrambleModel
package import BrambleStore
internal import Synchronization

/// A store that is gone with the test.
package final class MemoryStore: ContentStore {
    private struct State {
        var blobs: [Digest: [UInt8]] = [:]
        var trees: [StoreName: Tree] = [:]
        var references: [StoreName: [StoreName]] = [:]
        var builds: [BuildKey: BuildRecord] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    package func object(_ name: StoreName) async throws(StoreError) -> StoredObject? {
        state.withLock { state in
            state.trees[name].map {
                StoredObject(name: name, tree: $0.root, sizeBytes: $0.contentSizeBytes)
            }
        }
    }

    package func tree(of name: StoreName) async throws(StoreError) -> Tree {
        guard let tree = state.withLock({ $0.trees[name] }) else { throw missing("`\(name)`") }
        return tree
    }

    package func closure(of names: [StoreName]) async throws(StoreError) -> [StoreName] {
        let state = state.withLock { $0 }
        var order: [StoreName] = []
        func visit(_ name: StoreName) throws(StoreError) {
            guard !order.contains(name) else { return }
            guard state.trees[name] != nil else { throw missing("`\(name)`") }
            for reference in state.references[name] ?? [] { try visit(reference) }
            order.append(name)
        }
        for name in names.sorted() { try visit(name) }
        return order
    }

    package func build(_ key: BuildKey) async throws(StoreError) -> BuildRecord? {
        state.withLock { $0.builds[key] }
    }

    package func record(_ record: BuildRecord) async throws(StoreError) {
        try state.withLock { (state) throws(StoreError) in
            for output in record.outputs where state.trees[output.name] == nil {
                throw missing("`\(output.name)`")
            }
            state.builds[record.facts.key] = record
        }
    }

    package func missingBlobs(_ digests: [Digest]) async throws(StoreError) -> [Digest] {
        state.withLock { state in digests.filter { state.blobs[$0] == nil } }
    }

    package func readBlob(
        _ digest: Digest, at offset: Int, limitBytes: Int
    ) async throws(StoreError) -> [UInt8] {
        guard let bytes = state.withLock({ $0.blobs[digest] }) else {
            throw missing("the blob `\(digest)`")
        }
        guard offset >= 0, limitBytes >= 0, offset <= bytes.count else {
            throw StoreError(.malformed, "there is nothing at \(offset) in the blob `\(digest)`")
        }
        return Array(bytes[offset...].prefix(limitBytes))
    }

    package func references(of name: StoreName) async throws(StoreError) -> [StoreName] {
        guard let references = state.withLock({ $0.references[name] }) else {
            throw missing("`\(name)`")
        }
        return references
    }

    package func readBlobs(_ digests: [Digest]) async throws(StoreError) -> [[UInt8]] {
        var contents: [[UInt8]] = []
        for digest in digests {
            contents.append(
                try await readBlob(digest, at: 0, limitBytes: digest.sizeBytes))
        }
        return contents
    }

    package func addBlobs(_ contents: [BlobContent]) async throws(StoreError) {
        for content in contents {
            try await addBlob(content.digest) { (offset, limit) throws(StoreError) in
                Array(content.bytes.dropFirst(offset).prefix(limit))
            }
        }
    }

    package func addBlob(
        _ digest: Digest, _ read: @escaping BlobReading
    ) async throws(StoreError) {
        var bytes: [UInt8] = []
        while true {
            let part = try await read(bytes.count, BlobParts.sizeBytes)
            guard !part.isEmpty else { break }
            bytes += part
        }
        guard Digest(of: bytes) == digest else {
            throw StoreError(.corrupt, "the blob `\(digest)` is `\(Digest(of: bytes))`")
        }
        state.withLock { $0.blobs[digest] = bytes }
    }

    /// The name is not checked: who has no references has one that follows from the tree.
    package func add(
        _ tree: Tree, as name: StoreName, references: [StoreName]
    ) async throws(StoreError) -> StoredObject {
        let digests = tree.directories.values.flatMap { $0.files.map(\.digest) }
        try state.withLock { (state) throws(StoreError) in
            for digest in digests where state.blobs[digest] == nil {
                throw missing("the blob `\(digest)`")
            }
            for reference in references where state.trees[reference] == nil {
                throw missing("`\(reference)`")
            }
            state.trees[name] = tree
            state.references[name] = references
        }
        return StoredObject(name: name, tree: tree.root, sizeBytes: tree.contentSizeBytes)
    }

    private func missing(_ what: String) -> StoreError {
        StoreError(.notFound, "the store does not have \(what)")
    }
}
