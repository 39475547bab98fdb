package import BrambleModel
package import BrambleStore
internal import Synchronization

/// A store in which something goes wrong: before each call a closure is asked, and may throw. What is
/// read can be changed on its way.
package final class FaultyContentStore: ContentStore {
    package enum Call: Hashable, Sendable {
        case object, tree, closure, references, build, record, missing, read, add
    }

    private let store: any ContentStore
    private let before: @Sendable (Call) throws(StoreError) -> Void
    private let change: @Sendable ([UInt8]) -> [UInt8]
    private let counts = Mutex<[Call: Int]>([:])

    package init(
        _ store: any ContentStore, change: @escaping @Sendable ([UInt8]) -> [UInt8] = { $0 },
        before: @escaping @Sendable (Call) throws(StoreError) -> Void = { _ in }
    ) {
        self.store = store
        self.change = change
        self.before = before
    }

    /// How often something was asked for.
    package func count(_ call: Call) -> Int { counts.withLock { $0[call] ?? 0 } }

    private func note(_ call: Call) throws(StoreError) {
        counts.withLock { $0[call, default: 0] += 1 }
        try before(call)
    }

    package func object(_ name: StoreName) async throws(StoreError) -> StoredObject? {
        try note(.object)
        return try await store.object(name)
    }

    package func tree(of name: StoreName) async throws(StoreError) -> Tree {
        try note(.tree)
        return try await store.tree(of: name)
    }

    package func closure(of names: [StoreName]) async throws(StoreError) -> [StoreName] {
        try note(.closure)
        return try await store.closure(of: names)
    }

    package func references(of name: StoreName) async throws(StoreError) -> [StoreName] {
        try note(.references)
        return try await store.references(of: name)
    }

    package func build(_ key: BuildKey) async throws(StoreError) -> BuildRecord? {
        try note(.build)
        return try await store.build(key)
    }

    package func record(_ record: BuildRecord) async throws(StoreError) {
        try note(.record)
        try await store.record(record)
    }

    package func missingBlobs(_ digests: [Digest]) async throws(StoreError) -> [Digest] {
        try note(.missing)
        return try await store.missingBlobs(digests)
    }

    package func readBlob(
        _ digest: Digest, at offset: Int, limitBytes: Int
    ) async throws(StoreError) -> [UInt8] {
        try note(.read)
        return change(try await store.readBlob(digest, at: offset, limitBytes: limitBytes))
    }

    package func readBlobs(_ digests: [Digest]) async throws(StoreError) -> [[UInt8]] {
        try note(.read)
        return try await store.readBlobs(digests).map(change)
    }

    package func addBlobs(_ contents: [BlobContent]) async throws(StoreError) {
        try note(.add)
        try await store.addBlobs(contents)
    }

    package func addBlob(
        _ digest: Digest, _ read: @escaping BlobReading
    ) async throws(StoreError) {
        try note(.add)
        try await store.addBlob(digest, read)
    }

    package func add(
        _ tree: Tree, as name: StoreName, references: [StoreName]
    ) async throws(StoreError) -> StoredObject {
        try note(.add)
        return try await store.add(tree, as: name, references: references)
    }
}
