package import BrambleModel
package import BrambleStore
import Synchronization

/// A build on another machine as this one sees it: passes on its events, keeps the logs of what fails,
/// and takes in its results. It is to this machine's store as if the build had been here.
///
/// That something wanted is done is told when its outputs are here.
package final class ForeignBuild: Sendable {
    private struct State {
        /// The ends of what is wanted, which are not told yet.
        var ends: [DerivationHash: BuildEvent] = [:]
        /// What is built again, to compare: its end is told at once.
        var checked: Set<DerivationHash> = []
        var summary = BuildSummary()
        var logs: [DerivationHash: BuildLog] = [:]
        var failures: [FailedDerivation] = []
    }

    private let order: BuildOrder
    private let store: LocalStore
    private let wanted: Set<DerivationHash>
    private let state = Mutex(State())
    private let start = ContinuousClock.now

    /// Derivations whose results are fetched at once; their contents share a connection.
    private static let limit = 8

    package init(_ order: BuildOrder, _ store: LocalStore) {
        self.order = order
        self.store = store
        wanted = Set(order.input.wanted)
    }

    // MARK: While it goes on

    /// Takes the next event; in the order in which they happened.
    ///
    /// - Throws: If the store cannot keep a failure.
    package func take(_ event: BuildEvent) throws(StoreError) {
        switch event {
        case .started(let derivation, let name, .sandbox, let milliseconds),
            .started(let derivation, let name, .remote, let milliseconds):
            // What is a sandbox there, or an engine of theirs, is none that can be entered here.
            return order.report(
                .started(
                    derivation: derivation, name: name, by: .server,
                    expectedMilliseconds: milliseconds))
        case .started(let derivation, _, .check, _):
            state.withLock { _ = $0.checked.insert(derivation) }
        case .logged(let derivation, let text): append(text, to: derivation)
        case .failed(let derivation, let name, let failure):
            try keep(FailedDerivation(derivation: derivation, name: name, failure: failure))
        case .finished(let built, _):
            if isHeldBack(event, built.derivation) { return }
        case .reused(let derivation, _):
            if isHeldBack(event, derivation) { return }
        case .ended(let summary): return state.withLock { $0.summary = summary }
        case .planned, .started, .joined, .fetched, .skipped, .spliced, .warned: break
        }
        order.report(event)
    }

    private func isHeldBack(_ event: BuildEvent, _ derivation: DerivationHash) -> Bool {
        state.withLock { state in
            state.logs[derivation] = nil
            guard wanted.contains(derivation), state.checked.remove(derivation) == nil else {
                return false
            }
            state.ends[derivation] = event
            return true
        }
    }

    private func append(_ text: String, to derivation: DerivationHash) {
        let log = state.withLock { state in
            let log = state.logs[derivation] ?? BuildLog(store)
            state.logs[derivation] = log
            return log
        }
        // Whole lines, so that the last part is empty.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for line in lines.dropLast() { log.append(String(line)) }
    }

    /// Notes a failure, as a build of this machine would.
    private func keep(_ failed: FailedDerivation) throws(StoreError) {
        let log = state.withLock { state in
            state.failures.append(failed)
            return state.logs.removeValue(forKey: failed.derivation)
        }
        if let derivation = order.input.graph[failed.derivation], derivation.kind.isFetch { return }
        try FailureRecord(
            derivation: failed.derivation, name: failed.name, failure: failed.failure,
            log: try log?.finish(), resolved: nil
        ).keep(in: store)
    }

    // MARK: When it is over

    /// Takes the results that are wanted into the store, byte by byte checked, and tells the rest.
    ///
    /// - Parameters:
    ///   - output: What the other machine says that it has built.
    ///   - isRepeatable: As of a `BuildOutcome`.
    ///   - cache: Where it has put the results.
    /// - Throws: `StoreError` if they cannot be had, also because the task is cancelled; `CancellationError`.
    package func finish(
        _ output: BuildOutput, isRepeatable: Bool, from cache: any ContentStore
    ) async throws -> BuildOutcome {
        let built = order.input.wanted.compactMap { output[$0] }
        try check(built, output)
        let source = Substituter(cache, store, publishes: false)
        let isNew = try await built.concurrentMap(limit: ForeignBuild.limit) {
            [self] (built) throws(StoreError) in try await take(built, source)
        }
        let count = isNew.count { $0 }
        state.withLock { state in
            state.summary.reused = max(0, state.summary.reused - count)
            state.summary.substituted += count
        }
        try remember(built, output, isRepeatable)
        let (summary, failures) = state.withLock { state in
            state.summary.milliseconds = (.now - start).wholeMilliseconds
            return (state.summary, state.failures)
        }
        order.report(.ended(summary: summary))
        return BuildOutcome(
            output: BuildOutput(
                built: built, newURLHashes: output.newURLHashes, newGitPins: output.newGitPins),
            failures: failures, summary: summary, pending: [], isRepeatable: isRepeatable)
    }

    /// - Throws: `corrupt` if it is not what was asked for.
    private func check(
        _ built: [BuiltDerivation], _ output: BuildOutput
    ) throws(StoreError) {
        let hasFailures = state.withLock { !$0.failures.isEmpty }
        guard hasFailures || built.count == order.input.wanted.count else {
            throw StoreError(
                .corrupt, "the builder has built less than was asked for, and told of no failure")
        }
        let facts = FetchFacts(
            urlHashes: order.input.urlHashes, gitPins: order.input.gitPins)
        for result in built {
            guard let derivation = order.input.graph[result.derivation] else { continue }
            var isRight = result.outputs.map(\.output) == derivation.outputs
            if case .fetchGit(let fetch) = derivation.kind, let pin = facts.pin(of: fetch) {
                isRight = isRight && result.outputs.first?.tree == pin.tree
            }
            guard isRight else {
                throw StoreError(
                    .corrupt, "the builder has built something else for `\(derivation.name)`")
            }
        }
    }

    /// - Returns: Whether only the other machine had it.
    private func take(
        _ built: BuiltDerivation, _ source: Substituter
    ) async throws(StoreError) -> Bool {
        let (hash, report) = (built.derivation, order.report)
        let end = state.withLock { $0.ends.removeValue(forKey: hash) }
        guard let name = order.input.graph[hash]?.name else {
            throw StoreError(.corrupt, "the builder has built `\(hash)`, which nobody asked for")
        }
        let isHere = try store.areWhole(built.outputs.map(\.name))
        var isNew = false
        if case .reused = end, !isHere {
            isNew = true
            report(
                .started(
                    derivation: hash, name: name, by: .substitute, expectedMilliseconds: nil))
        }
        let start = ContinuousClock.now
        try await source.take(
            built, named: name,
            Substituter.Observer(
                started: {},
                fetched: { report(.fetched(derivation: hash, bytes: $0, of: $1)) },
                warned: { report(.warned(message: $0)) }))
        if isNew {
            report(.finished(built: built, milliseconds: (.now - start).wholeMilliseconds))
        } else if let end {
            report(end)
        }
        return isNew
    }

    private func remember(
        _ built: [BuiltDerivation], _ output: BuildOutput, _ isRepeatable: Bool
    ) throws(StoreError) {
        var memory = BuildMemory(store)
        for derivation in built { memory.remember(derivation.derivation, derivation.key) }
        if isRepeatable {
            let recipes = WantedRecipes(order.input, output).keys
            for derivation in built {
                guard let key = recipes[derivation.derivation] else { continue }
                memory.remember(key, derivation)
            }
        }
        try memory.save()
    }
}
