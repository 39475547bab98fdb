package import BrambleModel

/// Copies objects, with all that they refer to, from one store to another: only what the other one
/// lacks, down to single files.
///
/// Contents go first, trees behind them, and an object behind what it refers to; so whatever happens,
/// nothing stands in a store without what it needs.
package struct ObjectTransfer: Sendable {
    private let source: any ContentStore
    private let target: any ContentStore
    /// Told of bytes as they come, from any thread, and how many are to come in all.
    private let progress: @Sendable (_ bytes: Int, _ total: Int) -> Void

    /// What was copied.
    package struct Summary: Hashable, Sendable {
        package var objectCount = 0
        package var blobCount = 0
        package var sizeBytes = 0
    }

    /// Objects that are looked up at once: a look-up waits for the other machine and needs little else.
    private static let lookUpLimit = 32
    /// Groups of contents that are on their way at once, of one transfer.
    private static let groupLimit = 4
    /// The same of all transfers of this process: more would only share what the line, the disk and the processors can
    /// do, each take longer than its deadline, and all be in memory.
    private static let gate = TaskGate(count: 8)
    /// Contents up to this size go together, as many as fit into a group.
    private static let smallBytes = 1 << 20
    /// 3 MiB: below what any server takes in a message, 4 MiB, with room for digests.
    private static let groupBytes = 3 << 20
    /// Contents in a group: each costs some hundred bytes of its message beside its own.
    private static let groupCount = 1_000

    package init(
        from source: any ContentStore, to target: any ContentStore,
        progress: @escaping @Sendable (_ bytes: Int, _ total: Int) -> Void = { _, _ in }
    ) {
        self.source = source
        self.target = target
        self.progress = progress
    }

    /// An object that is to be copied.
    private struct Item: Sendable {
        let name: StoreName
        let tree: Tree
        let references: [StoreName]
    }

    /// - Throws: `notFound` if the source lacks something; what either store throws.
    package func copyClosure(of names: [StoreName]) async throws(StoreError) -> Summary {
        let (source, target) = (source, target)
        let closure = try await source.closure(of: names)
        let isThere = try await closure.concurrentMap(limit: ObjectTransfer.lookUpLimit) {
            (name) throws(StoreError) in try await target.object(name) != nil
        }
        let missing = zip(closure, isThere).filter { !$0.1 }.map(\.0)
        let items = try await missing.concurrentMap(limit: ObjectTransfer.lookUpLimit) {
            (name) throws(StoreError) in
            Item(
                name: name, tree: try await source.tree(of: name),
                references: try await source.references(of: name))
        }
        var summary = Summary()
        try await copyBlobs(items, &summary)
        for item in items {
            _ = try await target.add(item.tree, as: item.name, references: item.references)
        }
        summary.objectCount = items.count
        return summary
    }

    /// Copies single contents that the target lacks.
    package func copyBlobs(_ digests: [Digest]) async throws(StoreError) {
        for digest in try await target.missingBlobs(digests) {
            try await target.copyBlob(digest, from: source)
        }
    }

    private func copyBlobs(
        _ items: [Item], _ summary: inout Summary
    ) async throws(StoreError) {
        let needed = Set(
            items.flatMap { $0.tree.directories.values.flatMap(\.files) }.map(\.digest))
        let missing = try await target.missingBlobs(needed.sorted())
        let total = missing.reduce(0) { $0 + $1.sizeBytes }
        summary.blobCount = missing.count
        summary.sizeBytes = total
        guard !missing.isEmpty else { return }
        progress(0, total)
        let groups = ObjectTransfer.groups(missing)
        let (source, target, progress) = (source, target, progress)
        _ = try await groups.concurrentMap(limit: ObjectTransfer.groupLimit) {
            (group) throws(StoreError) in
            try await ObjectTransfer.gate.pass { () throws(StoreError) in
                try await ObjectTransfer.copy(group, from: source, to: target)
            }
            progress(group.reduce(0) { $0 + $1.sizeBytes }, total)
        }
    }

    private static func copy(
        _ group: [Digest], from source: any ContentStore, to target: any ContentStore
    ) async throws(StoreError) {
        if group.count == 1, group[0].sizeBytes > smallBytes {
            return try await target.copyBlob(group[0], from: source)
        }
        let contents = try await source.readBlobs(group)
        try await target.addBlobs(
            zip(group, contents).map { BlobContent(digest: $0, bytes: $1) })
    }

    /// Large contents alone, small ones together.
    package static func groups(_ digests: [Digest]) -> [[Digest]] {
        var groups = digests.filter { $0.sizeBytes > smallBytes }.map { [$0] }
        var group: [Digest] = []
        var size = 0
        for digest in digests where digest.sizeBytes <= smallBytes {
            if size + digest.sizeBytes > groupBytes || group.count == groupCount {
                groups.append(group)
                group = []
                size = 0
            }
            group.append(digest)
            size += digest.sizeBytes
        }
        if !group.isEmpty { groups.append(group) }
        return groups
    }
}
