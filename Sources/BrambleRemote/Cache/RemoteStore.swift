package import BrambleModel
import BrambleREAPI
package import BrambleStore
import Synchronization

/// A cache of any Remote Execution API server as a store: contents in its CAS, objects and builds in
/// its action cache.
package final class RemoteStore: ContentStore {
    let connection: RemoteConnection
    let cas: RemoteCAS
    private let actions: RemoteActionCache
    private let signing: SigningKey?
    /// Whose builds are believed; nil for everybody's who may write.
    private let trusted: [TrustedKey]?
    /// What was read of objects: each is asked for several times on its way.
    private let objects = Mutex<[StoreName: ObjectRecord]>([:])
    private let trees = Mutex<[Digest: Digest]>([:])

    /// - Throws: `unreachable`, `forbidden`.
    package init(
        _ connection: RemoteConnection, signing: SigningKey?, trusted: [TrustedKey]?
    ) async throws(StoreError) {
        self.connection = connection
        self.signing = signing
        self.trusted = trusted
        actions = RemoteActionCache(connection: connection)
        do throws(RemoteError) {
            cas = RemoteCAS(
                connection: connection, capabilities: try await connection.capabilities())
        } catch {
            throw StoreError(error)
        }
    }

    // MARK: Objects

    package func object(_ name: StoreName) async throws(StoreError) -> StoredObject? {
        try await record(of: name).map {
            StoredObject(name: $0.name, tree: $0.tree, sizeBytes: $0.size)
        }
    }

    private func record(of name: StoreName) async throws(StoreError) -> ObjectRecord? {
        if let known = objects.withLock({ $0[name] }) { return known }
        guard let entry = try await find(CacheEntry(.object(name))) else { return nil }
        // What another version has written, or somebody else, is not there for us.
        guard let record = try? CanonicalJSON.decode(ObjectRecord.self, from: entry.fact),
            record.schema == ObjectRecord.schema, record.name == name,
            let tree = entry.result.outputDirectories.first.flatMap({ Digest($0.treeDigest) })
        else { return nil }
        trees.withLock { $0[record.tree] = tree }
        objects.withLock { $0[name] = record }
        return record
    }

    private func knownRecord(of name: StoreName) async throws(StoreError) -> ObjectRecord {
        guard let record = try await record(of: name) else { throw missing("`\(name)`") }
        return record
    }

    package func tree(of name: StoreName) async throws(StoreError) -> Tree {
        let record = try await knownRecord(of: name)
        guard let digest = trees.withLock({ $0[record.tree] }) else { throw missing("`\(name)`") }
        let tree = try Tree(decoding: try await readBlob(digest))
        guard tree.root == record.tree else {
            throw StoreError(
                .corrupt, "the tree of `\(name)` at `\(connection.endpoint)` is another one")
        }
        return tree
    }

    package func references(of name: StoreName) async throws(StoreError) -> [StoreName] {
        try await knownRecord(of: name).references
    }

    /// Objects asked for at once.
    private static let lookUpLimit = 32
    /// More objects than any closure has: who sends more means harm.
    private static let maximumClosure = 100_000

    package func closure(of names: [StoreName]) async throws(StoreError) -> [StoreName] {
        var known: [StoreName: [StoreName]] = [:]
        var pending = Set(names)
        while !pending.isEmpty {
            let records = try await pending.sorted().concurrentMap(limit: RemoteStore.lookUpLimit) {
                [self] (name) throws(StoreError) in try await knownRecord(of: name)
            }
            for record in records { known[record.name] = record.references }
            pending = Set(records.flatMap(\.references).filter { known[$0] == nil })
            guard known.count <= RemoteStore.maximumClosure else {
                throw StoreError(.corrupt, "a closure at `\(connection.endpoint)` has no end")
            }
        }
        return try ordered(names.sorted(), known)
    }

    /// Each behind what it refers to.
    private func ordered(
        _ names: [StoreName], _ references: [StoreName: [StoreName]]
    ) throws(StoreError) -> [StoreName] {
        var order: [StoreName] = []
        var done: Set<StoreName> = []
        var entered: Set<StoreName> = []
        var stack = Array(names.reversed())
        while let name = stack.last {
            if done.contains(name) {
                stack.removeLast()
            } else if entered.insert(name).inserted {
                for next in (references[name] ?? []).reversed() where !done.contains(next) {
                    guard !entered.contains(next) else {
                        throw StoreError(.corrupt, "`\(next)` is said to need itself")
                    }
                    stack.append(next)
                }
            } else {
                stack.removeLast()
                done.insert(name)
                order.append(name)
            }
        }
        return order
    }

    package func add(
        _ tree: Tree, as name: StoreName, references: [StoreName]
    ) async throws(StoreError) -> StoredObject {
        let object = StoredObject(name: name, tree: tree.root, sizeBytes: tree.contentSizeBytes)
        let files = Set(tree.directories.values.flatMap(\.files).map(\.digest))
        if let lost = try await missingBlobs(files.sorted()).first {
            throw missing("the blob `\(lost)`")
        }
        for reference in references where try await record(of: reference) == nil {
            throw missing("`\(reference)`")
        }
        let record = ObjectRecord(
            name: name, tree: tree.root, size: object.sizeBytes, references: references)
        let message = BlobContent(tree.encoded)
        var output = OutputDirectoryMessage()
        output.path = "object"
        output.treeDigest = DigestMessage(message.digest)
        var result = ActionResultMessage()
        result.outputDirectories = [output]
        try await keep(CacheEntry(.object(name)), encoded(record), result, with: [message])
        trees.withLock { $0[tree.root] = message.digest }
        objects.withLock { $0[name] = record }
        return object
    }

    // MARK: Builds

    package func build(_ key: BuildKey) async throws(StoreError) -> BuildRecord? {
        guard let entry = try await find(CacheEntry(.build(key))) else { return nil }
        if let trusted,
            !RecordSignature.isTrusted(
                entry.fact, signatures: Array(entry.result.stderrRaw), by: trusted)
        {
            throw StoreError(
                .corrupt,
                "the build `\(key)` at `\(connection.endpoint)` is not signed by a trusted key")
        }
        // As for objects.
        guard let record = try? CanonicalJSON.decode(BuildRecord.self, from: entry.fact),
            record.schema == BuildRecord.schema, record.facts.key == key
        else { return nil }
        return record
    }

    package func record(_ record: BuildRecord) async throws(StoreError) {
        var result = ActionResultMessage()
        for output in record.outputs {
            guard let object = try await self.record(of: output.name),
                let tree = trees.withLock({ $0[object.tree] })
            else { throw missing("`\(output.name)`") }
            var directory = OutputDirectoryMessage()
            directory.path = "outputs/\(output.output)"
            directory.treeDigest = DigestMessage(tree)
            result.outputDirectories.append(directory)
        }
        if let log = record.facts.log {
            var file = OutputFileMessage()
            file.path = "log"
            file.digest = DigestMessage(log)
            result.outputFiles = [file]
        }
        let fact = encoded(record)
        if let signing { result.stderrRaw = .init(Array(signing.signature(of: fact).utf8)) }
        try await keep(CacheEntry(.build(record.facts.key)), fact, result, with: [])
    }

    // MARK: Entries

    private struct Entry {
        let fact: [UInt8]
        let result: ActionResultMessage
    }

    private func find(_ entry: CacheEntry) async throws(StoreError) -> Entry? {
        do throws(RemoteError) {
            guard let result = try await actions.find(entry.action) else { return nil }
            if !result.stdoutRaw.isEmpty {
                return Entry(fact: Array(result.stdoutRaw), result: result)
            }
            // Some servers keep what programs print in the CAS.
            guard let digest = Digest(result.stdoutDigest) else { return nil }
            guard let fact = try await cas.read([digest]).first else { return nil }
            return Entry(fact: fact, result: result)
        } catch {
            guard error.code == .notFound else { throw StoreError(error) }
            return nil
        }
    }

    private func keep(
        _ entry: CacheEntry, _ fact: [UInt8], _ result: ActionResultMessage,
        with contents: [BlobContent]
    ) async throws(StoreError) {
        var result = result
        result.stdoutRaw = .init(fact)
        do throws(RemoteError) {
            try await cas.write(entry.contents + contents.filter { cas.fits($0.digest) })
            for content in contents where !cas.fits(content.digest) { try await write(content) }
            try await actions.update(entry.action, result)
        } catch {
            throw StoreError(error)
        }
    }

    private func write(_ content: BlobContent) async throws(RemoteError) {
        try await RemoteStream(cas: cas).write(content.digest) { offset, limit in
            Array(content.bytes[offset...].prefix(limit))
        }
    }

    private func encoded(_ value: some Encodable) -> [UInt8] {
        guard let bytes = try? CanonicalJSON.encode(value) else {
            preconditionFailure("a record that cannot be written")
        }
        return bytes
    }

    func missing(_ what: String) -> StoreError {
        StoreError(.notFound, "`\(connection.endpoint)` does not have \(what)")
    }
}
