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

    package func references(of name: StoreName) async throws(StoreError) -> [StoreName] {
        try await Blocking.run { [self] () throws(StoreError) in
            guard try findObject(name) != nil else { throw LocalStore.missing(name) }
            return try findReferences(of: name)
        }
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
        _ digest: Digest, _ read: @escaping BlobReading
    ) async throws(StoreError) {
        let writer = BlobWriter(self)
        var offset = 0
        while true {
            let part = try await read(offset, BlobParts.sizeBytes)
            guard !part.isEmpty else { break }
            offset += part.count
            try await Blocking.run { () throws(StoreError) in try writer.append(part) }
        }
        try await finish(writer, digest)
    }

    /// As it comes: a store that is far away need not be asked for each part.
    package func copyBlob(
        _ digest: Digest, from source: any ContentStore
    ) async throws(StoreError) {
        let writer = BlobWriter(self)
        try await source.forEachPart(of: digest) { (part) throws(StoreError) in
            try await Blocking.run { () throws(StoreError) in try writer.append(part) }
        }
        try await finish(writer, digest)
    }

    private func finish(_ writer: BlobWriter, _ digest: Digest) async throws(StoreError) {
        try await Blocking.run { () throws(StoreError) in
            _ = try writer.finish(expecting: digest)
        }
    }

    package func readBlobs(_ digests: [Digest]) async throws(StoreError) -> [[UInt8]] {
        try await Blocking.run { [self] () throws(StoreError) in
            var contents: [[UInt8]] = []
            for digest in digests {
                var bytes: [UInt8] = []
                bytes.reserveCapacity(digest.sizeBytes)
                try readBlob(digest) { (block) throws(StoreError) in bytes += block }
                contents.append(bytes)
            }
            return contents
        }
    }

    package func addBlobs(_ contents: [BlobContent]) async throws(StoreError) {
        try await Blocking.run { [self] () throws(StoreError) in
            for content in contents {
                let writer = BlobWriter(self)
                try writer.append(content.bytes)
                try writer.keep(expecting: content.digest)
            }
            // One transaction for all rather than one for each.
            try touchBlobs(contents.map(\.digest))
        }
    }

    package func add(
        _ tree: Tree, as name: StoreName, references: [StoreName]
    ) async throws(StoreError) -> StoredObject {
        try await Blocking.run { [self] () throws(StoreError) in
            for reference in references where try findObject(reference) == nil {
                throw LocalStore.missing(reference)
            }
            return try addTree(tree, claimedName: name, references: references)
        }
    }
}
