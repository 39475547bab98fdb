package import BrambleModel
package import BrambleStore

/// Puts what a build has come to where those find it who asked for it: outputs with all that they refer
/// to, logs, and records under the build key and under the recipe.
package struct ResultGiving: Sendable {
    private let store: LocalStore
    private let cache: any ContentStore

    /// Records on their way at once.
    private static let limit = 16

    package init(from store: LocalStore, to cache: any ContentStore) {
        self.store = store
        self.cache = cache
    }

    /// - Returns: Of the output, what was wanted.
    /// - Throws: What either store throws.
    package func give(
        _ outcome: BuildOutcome, of input: BuildInput
    ) async throws(StoreError) -> BuildOutput {
        let built = input.wanted.compactMap { outcome.output[$0] }
        var records: [BuildRecord] = []
        for derivation in built { records.append(try record(of: derivation, input.graph)) }
        let transfer = ObjectTransfer(from: store, to: cache)
        _ = try await transfer.copyClosure(
            of: Set(records.flatMap { $0.outputs.map(\.name) }).sorted())
        try await transfer.copyBlobs(Set(records.compactMap(\.facts.log)).sorted())
        let recipes = outcome.isRepeatable ? WantedRecipes(input, outcome.output).keys : [:]
        let cache = cache
        let pairs = zip(built, records).map { ($0.derivation, $1) }
        _ = try await pairs.concurrentMap(limit: ResultGiving.limit) {
            (derivation, record) throws(StoreError) in
            let recipe = recipes[derivation].map { [$0.buildKey] } ?? []
            for key in [record.facts.key] + recipe {
                try await cache.record(record.shared(as: key))
            }
        }
        return BuildOutput(
            built: built, newURLHashes: outcome.output.newURLHashes,
            newGitPins: outcome.output.newGitPins)
    }

    /// The record of a build; one that says the least, if it was forgotten since.
    private func record(
        of built: BuiltDerivation, _ graph: DerivationGraph
    ) throws(StoreError) -> BuildRecord {
        if var record = try store.findBuild(built.key) {
            if let log = record.facts.log, try !store.hasBlob(log) {
                var facts = record.facts
                facts.log = nil
                record = BuildRecord(facts, outputs: record.outputs)
            }
            return record
        }
        guard let name = graph[built.derivation]?.name else {
            preconditionFailure("what was wanted is in the graph")
        }
        return BuildRecord(least: built, named: name)
    }
}

extension BuildRecord {
    /// What can be said of a build of which only the outcome is known.
    init(least built: BuiltDerivation, named name: DerivationName) {
        self.init(
            Facts(key: built.key, derivation: name, finishedAt: HostMachine.secondsNow),
            outputs: built.outputs)
    }
}
