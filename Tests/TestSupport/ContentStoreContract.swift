internal import BrambleModel
package import BrambleStore
internal import Synchronization
internal import Testing

/// What every `ContentStore` must do: its own tests call this with a new, empty one.
package struct ContentStoreContract {
    private let store: any ContentStore

    package init(_ store: any ContentStore) {
        self.store = store
    }

    package func check() async throws {
        try await checkAbsence()
        let digest = try await checkBlobs()
        try await checkTrees(digest)
    }

    private func checkAbsence() async throws {
        let name = StoreName(tree: Tree.empty.root)
        let key = try BuildKey("jq7sm6c66lutptnwolzon5523svodvrb")
        let digest = Digest(of: [1])
        #expect(try await store.object(name) == nil)
        #expect(try await store.build(key) == nil)
        #expect(try await store.missingBlobs([digest]) == [digest])
        try await expect(.notFound) { _ = try await store.tree(of: name) }
        try await expect(.notFound) { _ = try await store.closure(of: [name]) }
        try await expect(.notFound) {
            _ = try await store.readBlob(digest, at: 0, limitBytes: 1)
        }
        let record = BuildRecord(
            BuildRecord.Facts(key: key, derivation: try DerivationName("hello"), finishedAt: 1),
            outputs: [BuiltOutput(output: .standard, name: name, tree: Tree.empty.root)])
        try await expect(.notFound) { try await store.record(record) }
    }

    private func checkBlobs() async throws -> Digest {
        let content: [UInt8] = [1, 2, 3, 4, 5]
        let digest = Digest(of: content)
        try await expect(.corrupt) { try await store.addBlob(digest, reading([1, 2, 3])) }
        try await expect(.system) {
            try await store.addBlob(digest, reading([1, 2], failure: failure))
        }
        #expect(try await store.missingBlobs([digest]) == [digest])
        for _ in 0..<2 {
            try await store.addBlob(digest, reading(content))
            #expect(try await store.missingBlobs([digest]) == [])
        }
        let parts: [(offset: Int, limit: Int, expected: [UInt8])] = [
            (0, 100, content), (0, 2, [1, 2]), (3, 100, [4, 5]), (5, 1, []), (2, 0, []),
        ]
        for part in parts {
            let read = try await store.readBlob(digest, at: part.offset, limitBytes: part.limit)
            #expect(read == part.expected, "\(part.limit) bytes at \(part.offset)")
        }
        try await expect(.malformed) {
            _ = try await store.readBlob(digest, at: 6, limitBytes: 1)
        }
        try await store.addBlob(Digest(of: []), reading([]))
        #expect(try await store.readBlobs([digest, Digest(of: [])]) == [content, []])
        try await expect(.notFound) { _ = try await store.readBlobs([digest, Digest(of: [9])]) }
        try await expect(.corrupt) {
            try await store.addBlobs([BlobContent(digest: Digest(of: [6]), bytes: [7])])
        }
        try await store.addBlobs([BlobContent([6]), BlobContent([7, 8])])
        #expect(try await store.missingBlobs([Digest(of: [6]), Digest(of: [7, 8])]) == [])
        try await checkParts(digest, content)
        #expect(try await store.missingBlobs([Digest(of: [])]) == [])
        return digest
    }

    private func checkParts(_ digest: Digest, _ content: [UInt8]) async throws {
        let parts = Mutex<[UInt8]>([])
        try await store.forEachPart(of: digest) { (part) throws(StoreError) in
            parts.withLock { $0 += part }
        }
        #expect(parts.withLock { $0 } == content)
        let other = MemoryStore()
        try await other.copyBlob(digest, from: store)
        try await other.addBlobs([BlobContent([5, 5])])
        try await store.copyBlob(Digest(of: [5, 5]), from: other)
        #expect(try await store.missingBlobs([Digest(of: [5, 5])]) == [])
    }

    private func checkTrees(_ digest: Digest) async throws {
        let leaf = Directory(
            files: [
                .init(name: "e\u{301}", digest: digest, isExecutable: false),
                .init(name: "é", digest: digest, isExecutable: true),
            ], symlinks: [.init(name: "to", target: "../nowhere")])
        let root = Directory(
            files: [.init(name: "empty", digest: Digest(of: []), isExecutable: false)],
            directories: ["a", "b"].map { .init(name: $0, digest: leaf.digest) })
        let tree = try Tree(
            root: root.digest, directories: [root.digest: root, leaf.digest: leaf])
        var object: StoredObject?
        for _ in 0..<2 { object = try await store.add(tree) }
        let added = try #require(object)
        #expect(
            added == StoredObject(name: StoreName(tree: tree.root), tree: tree.root, sizeBytes: 20))
        #expect(try await store.object(added.name) == added)
        #expect(try await store.tree(of: added.name) == tree)
        #expect(try await store.closure(of: [added.name, added.name]) == [added.name])
        #expect(try await store.references(of: added.name) == [])
        try await expect(.notFound) {
            let name = StoreName(tree: Tree.empty.root)
            _ = try await store.add(tree, as: added.name, references: [name])
        }

        var absent = root
        absent.files[0].digest = Digest(of: [9])
        let incomplete = try Tree(
            root: absent.digest, directories: [absent.digest: absent, leaf.digest: leaf])
        try await expect(.notFound) { _ = try await store.add(incomplete) }
        #expect(try await store.object(StoreName(tree: incomplete.root)) == nil)

        try await checkBuilds(added)
    }

    private func checkBuilds(_ object: StoredObject) async throws {
        let key = try BuildKey("jq7sm6c66lutptnwolzon5523svodvrb")
        for finishedAt in [1, 2] {
            let facts = BuildRecord.Facts(
                key: key, derivation: try DerivationName("hello"), finishedAt: finishedAt)
            let record = BuildRecord(
                facts,
                outputs: [
                    BuiltOutput(output: .standard, name: object.name, tree: object.tree)
                ])
            try await store.record(record)
            #expect(try await store.build(key) == record)
        }
    }

    private var failure: StoreError {
        StoreError(call: "read", path: "elsewhere", number: 5)
    }

    private func expect(
        _ code: StoreError.Code, sourceLocation: SourceLocation = #_sourceLocation,
        _ body: () async throws -> Void
    ) async throws {
        let error = await #expect(throws: StoreError.self, sourceLocation: sourceLocation) {
            try await body()
        }
        #expect(error?.code == code, sourceLocation: sourceLocation)
    }
}

/// A content that is read two bytes at a time, and perhaps a failure behind it.
private func reading(_ content: [UInt8], failure: StoreError? = nil) -> BlobReading {
    { (offset, limit) throws(StoreError) in
        if offset >= content.count, let failure { throw failure }
        return Array(content.dropFirst(offset).prefix(min(limit, 2)))
    }
}
