package import BrambleModel
package import BrambleStore

/// Puts into a cache what a store has built: outputs, the records of their builds, and the recipes by
/// which these are found from the top.
package struct CachePush: Sendable {
    private let store: LocalStore
    private let cache: any ContentStore

    /// What was put there.
    package struct Summary: Sendable {
        package var builds = 0
        package var objects = 0
        package var sizeBytes = 0
    }

    /// Records on their way at once.
    private static let limit = 16

    package init(from store: LocalStore, to cache: any ContentStore) {
        self.store = store
        self.cache = cache
    }

    /// - Parameter names: Objects to put there with all that they refer to; nil for all that was built.
    /// - Throws: What either store throws.
    package func push(_ names: [StoreName]?) async throws(StoreError) -> Summary {
        let builds = try await wantedBuilds(names)
        let outputs = Set(builds.flatMap { $0.outputs.map(\.name) })
        let transfer = ObjectTransfer(from: store, to: cache)
        let copied = try await transfer.copyClosure(
            of: outputs.union(names ?? []).sorted())
        try await transfer.copyBlobs(builds.compactMap(\.facts.log))
        let aliases = try await aliases()
        let cache = cache
        _ = try await builds.concurrentMap(limit: CachePush.limit) { (record) throws(StoreError) in
            for key in [record.facts.key] + (aliases[record.facts.key] ?? []) {
                try await cache.record(record.shared(as: key))
            }
        }
        return Summary(
            builds: builds.count, objects: copied.objectCount, sizeBytes: copied.sizeBytes)
    }

    /// The builds whose outputs are there.
    private func wantedBuilds(
        _ names: [StoreName]?
    ) async throws(StoreError) -> [BuildRecord] {
        let closure = names.map { Set($0) }
        var builds: [BuildRecord] = []
        for record in try store.builds() {
            let outputs = record.outputs.map(\.name)
            if let closure, !outputs.contains(where: closure.contains) { continue }
            // What was collected meanwhile is not there.
            if try store.areWhole(outputs) { builds.append(record) }
        }
        return builds
    }

    /// The recipes of builds that this store remembers.
    private func aliases() async throws(StoreError) -> [BuildKey: [BuildKey]] {
        Dictionary(
            try BuildMemory.recipes(in: store).map { ($0.built, [$0.recipe]) }, uniquingKeysWith: +)
    }
}

extension BuildRecord {
    /// As others see it: found by a key, and without what only this machine has.
    func shared(as key: BuildKey) -> BuildRecord {
        var facts = facts
        facts.key = key
        facts.resolvedDerivation = nil
        return BuildRecord(facts, outputs: outputs)
    }
}
