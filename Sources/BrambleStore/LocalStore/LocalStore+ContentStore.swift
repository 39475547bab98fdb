package import BrambleModel

extension LocalStore: ContentStore {
    package func object(_ name: StoreName) async throws(StoreError) -> StoredObject? {
        try await Blocking.run { [self] () throws(StoreError) in try findObject(name) }
    }

    package func tree(of name: StoreName) async throws(StoreError) -> Tree {
        try await Blocking.run { [self] () throws(StoreError) in try readTree(of: name) }
    }

    package func closure(of names: [StoreName]) async throws(StoreError) -> [StoreName] {
        try await Blocking.run { [self] () throws(StoreError) in try findClosure(of: names) }
    }

    package func build(_ key: BuildKey) async throws(StoreError) -> BuildRecord? {
        try await Blocking.run { [self] () throws(StoreError) in try findBuild(key) }
    }

    package func record(_ record: BuildRecord) async throws(StoreError) {
        try await Blocking.run { [self] () throws(StoreError) in try recordBuild(record) }
    }

    package func missingBlobs(_ digests: [Digest]) async throws(StoreError) -> [Digest] {
        try await Blocking.run { [self] () throws(StoreError) in
            var missing: [Digest] = []
            for digest in digests where try !hasBlob(digest) { missing.append(digest) }
            return missing
        }
    }

    package func readBlob(
        _ digest: Digest, at offset: Int, limitBytes: Int
    ) async throws(StoreError) -> [UInt8] {
        try await Blocking.run { [self] () throws(StoreError) in
            try readPart(of: digest, at: offset, limitBytes: limitBytes)
        }
    }

    package func addBlob(
        _ digest: Digest, _ parts: any AsyncSequence<[UInt8], StoreError>
    ) async throws(StoreError) {
        let writer = BlobWriter(self)
        try await append(parts, to: writer)
        try await Blocking.run { () throws(StoreError) in
            _ = try writer.finish(expecting: digest)
        }
    }

    private func append(
        _ parts: some AsyncSequence<[UInt8], StoreError>, to writer: BlobWriter
    ) async throws(StoreError) {
        for try await part in parts {
            try await Blocking.run { () throws(StoreError) in try writer.append(part) }
        }
    }

    package func add(_ tree: Tree) async throws(StoreError) -> StoredObject {
        try await Blocking.run { [self] () throws(StoreError) in try addTree(tree) }
    }
}
