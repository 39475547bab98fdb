package import BrambleModel
import BrambleREAPI
package import BrambleStore
import Synchronization

/// A store that has objects and builds as results in an action cache (docs/remote.md, "Entries"): on
/// another machine, or in this one's own cache.
package protocol EntryStore: ContentStore {
    /// What was read of it.
    var memo: EntryMemo { get }
    /// What messages call it.
    var placeName: String { get }

    /// - Returns: nil if there is none, or not all that it refers to.
    func result(of action: Digest) async throws(StoreError) -> ActionResultMessage?
    /// - Throws: `notFound` if something that it refers to is not there.
    func keep(_ result: ActionResultMessage, of action: Digest) async throws(StoreError)
    /// Adds contents of any size that are in memory and known to be what their digests say.
    func addContents(_ contents: [BlobContent]) async throws(StoreError)
}

/// What a store of entries remembers and whom it believes.
package final class EntryMemo: Sendable {
    fileprivate let signing: SigningKey?
    /// Whose builds are believed; nil for everybody's who may write.
    fileprivate let trusted: [TrustedKey]?
    /// What was read of objects: each is asked for several times on its way.
    fileprivate let objects = Mutex<[StoreName: ObjectRecord]>([:])
    fileprivate let trees = Mutex<[Digest: Digest]>([:])

    init(signing: SigningKey?, trusted: [TrustedKey]?) {
        self.signing = signing
        self.trusted = trusted
    }
}

/// Objects asked for at once.
private let lookUpLimit = 32
/// More objects than any closure has: who sends more means harm.
private let maximumClosure = 100_000

extension EntryStore {
    // MARK: Objects

    package func object(_ name: StoreName) async throws(StoreError) -> StoredObject? {
        try await record(of: name).map {
            StoredObject(name: $0.name, tree: $0.tree, sizeBytes: $0.size)
        }
    }

    private func record(of name: StoreName) async throws(StoreError) -> ObjectRecord? {
        if let known = memo.objects.withLock({ $0[name] }) { return known }
        guard let entry = try await find(CacheEntry(.object(name))) else { return nil }
        // What another version has written, or somebody else, is not there for us.
        guard let record = try? CanonicalJSON.decode(ObjectRecord.self, from: entry.fact),
            record.schema == ObjectRecord.schema, record.name == name,
            let tree = entry.result.outputDirectories.first.flatMap({ Digest($0.treeDigest) })
        else { return nil }
        memo.trees.withLock { $0[record.tree] = tree }
        memo.objects.withLock { $0[name] = record }
        return record
    }

    private func knownRecord(of name: StoreName) async throws(StoreError) -> ObjectRecord {
        guard let record = try await record(of: name) else { throw missing("`\(name)`") }
        return record
    }

    package func tree(of name: StoreName) async throws(StoreError) -> Tree {
        let record = try await knownRecord(of: name)
        guard let digest = memo.trees.withLock({ $0[record.tree] }) else {
            throw missing("`\(name)`")
        }
        let tree = try Tree(decoding: try await readBlob(digest))
        guard tree.root == record.tree else {
            throw StoreError(
                .corrupt, "the tree of `\(name)` at `\(placeName)` is another one")
        }
        return tree
    }

    package func references(of name: StoreName) async throws(StoreError) -> [StoreName] {
        try await knownRecord(of: name).references
    }

    package func closure(of names: [StoreName]) async throws(StoreError) -> [StoreName] {
        var known: [StoreName: [StoreName]] = [:]
        var pending = Set(names)
        while !pending.isEmpty {
            let records = try await pending.sorted().concurrentMap(limit: lookUpLimit) {
                (name) throws(StoreError) in try await knownRecord(of: name)
            }
            for record in records { known[record.name] = record.references }
            pending = Set(records.flatMap(\.references).filter { known[$0] == nil })
            guard known.count <= maximumClosure else {
                throw StoreError(.corrupt, "a closure at `\(placeName)` has no end")
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
        memo.trees.withLock { $0[tree.root] = message.digest }
        memo.objects.withLock { $0[name] = record }
        return object
    }

    // MARK: Builds

    package func build(_ key: BuildKey) async throws(StoreError) -> BuildRecord? {
        guard let entry = try await find(CacheEntry(.build(key))) else { return nil }
        if let trusted = memo.trusted,
            !RecordSignature.isTrusted(
                entry.fact, signatures: Array(entry.result.stderrRaw), by: trusted)
        {
            throw StoreError(
                .corrupt,
                "the build `\(key)` at `\(placeName)` is not signed by a trusted key")
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
                let tree = memo.trees.withLock({ $0[object.tree] })
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
        if let signing = memo.signing {
            result.stderrRaw = .init(Array(signing.signature(of: fact).utf8))
        }
        try await keep(CacheEntry(.build(record.facts.key)), fact, result, with: [])
    }

    // MARK: Entries

    private func find(_ entry: CacheEntry) async throws(StoreError) -> FoundEntry? {
        do throws(StoreError) {
            guard let result = try await result(of: entry.action) else { return nil }
            if !result.stdoutRaw.isEmpty {
                return FoundEntry(fact: Array(result.stdoutRaw), result: result)
            }
            // Some servers keep what programs print in the CAS.
            guard let digest = Digest(result.stdoutDigest) else { return nil }
            return FoundEntry(fact: try await readBlob(digest), result: result)
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    private func keep(
        _ entry: CacheEntry, _ fact: [UInt8], _ result: ActionResultMessage,
        with contents: [BlobContent]
    ) async throws(StoreError) {
        var result = result
        result.stdoutRaw = .init(fact)
        try await addContents(entry.contents + contents)
        try await keep(result, of: entry.action)
    }

    private func encoded(_ value: some Encodable) -> [UInt8] {
        guard let bytes = try? CanonicalJSON.encode(value) else {
            preconditionFailure("a record that cannot be written")
        }
        return bytes
    }

    private func missing(_ what: String) -> StoreError {
        StoreError(.notFound, "`\(placeName)` does not have \(what)")
    }
}

private struct FoundEntry {
    let fact: [UInt8]
    let result: ActionResultMessage
}
