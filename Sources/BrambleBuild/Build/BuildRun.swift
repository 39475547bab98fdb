import BrambleModel
import BrambleStore

/// One build while it goes on: the loop that owns the graph, the schedule and all results. Work is
/// done by tasks that own nothing and report back; look-ups, which take microseconds, the loop makes
/// itself.
final class BuildRun {
    let services: BuildServices
    let options: BuildOptions
    var graph = BuildGraph()
    var schedule = BuildSchedule(queueCount: Queue.allCases.count)
    var facts = FetchFacts()
    /// What each node turned out to be.
    var results: [BuiltDerivation?] = []
    /// What is to be built of nodes that are queued, or are to be checked.
    var resolved: [Int: ResolvedDerivation] = [:]
    /// Nodes whose result depends on facts that their recipe key does not cover.
    var unrepeatable: Set<Int> = []
    /// Why nodes were skipped: the derivation that failed.
    var causes: [Int: DerivationHash] = [:]
    var wanted: [Int] = []
    var memory: BuildMemory
    var outcome = OutcomeDraft()

    /// The kinds of work, each with slots of its own.
    enum Queue: Int, CaseIterable {
        case builders, fetches
    }

    private let folders: WorkFolderPool
    private var running = [0, 0]
    private let start = ContinuousClock.now

    init(_ services: BuildServices, _ options: BuildOptions) {
        self.services = services
        self.options = options
        memory = BuildMemory(services.store)
        folders = WorkFolderPool(services.store)
    }

    var store: LocalStore { services.store }

    func build(_ input: BuildInput) async throws -> BuildOutcome {
        facts = FetchFacts(urlHashes: input.urlHashes, gitPins: input.gitPins)
        let sources = Dictionary(
            uniqueKeysWithValues: input.sources.map {
                ($0.derivation, BuildGraph.Sources(origin: .given, tree: $0.tree))
            })
        wanted = add(
            BuildGraph.Addition(
                graph: input.graph, wanted: input.wanted, sources: sources, facts: facts, depth: 0),
            tail: 0)
        for node in wanted { schedule.want(node) }
        try lookUp()
        services.report(
            .planned(derivations: graph.nodes.count, pending: pending.count))
        if !options.isDryRun { try await work() }
        if outcome.failures.isEmpty, options.checks > 0 { try await check() }
        try memory.save()
        outcome.summary.milliseconds = (.now - start).wholeMilliseconds
        services.report(.ended(summary: outcome.summary))
        return outcome.finished(
            built: results.compactMap { $0 },
            pending: options.isDryRun ? pending.map { graph.nodes[$0].derivation.name } : [],
            isRepeatable: wanted.allSatisfy { !isUnrepeatable($0) })
    }

    /// The derivations that are not done and may have to be built.
    private var pending: [Int] {
        (0..<schedule.count).filter {
            [.waiting, .resolving, .queued].contains(schedule.state(of: $0))
        }
    }

    /// Adds derivations to the graph and the schedule.
    ///
    /// - Returns: The numbers of what is wanted.
    func add(_ addition: BuildGraph.Addition, tail: Int) -> [Int] {
        let (numbers, new) = graph.add(addition)
        for node in new {
            schedule.append(dependencies: graph.nodes[node].inputs.values.sorted())
            results.append(nil)
        }
        schedule.prioritise(new, tail: tail) { node in
            memory.milliseconds(graph.nodes[node].derivation.name)
                ?? BuildOptions.unknownMilliseconds
        }
        return numbers
    }

    // MARK: Working

    /// Starts what can be started, and takes in what comes of it, until nothing is left to do.
    private func work() async throws {
        try await withThrowingTaskGroup(of: (Int, BuildWork.Result).self) { group in
            while true {
                try startWork(&group)
                guard let (node, result) = try await group.next() else { return }
                running[queue(of: node).rawValue] -= 1
                try take(result, of: node)
                try lookUp()
            }
        }
        try Task.checkCancellation()
    }

    private func startWork(
        _ group: inout ThrowingTaskGroup<(Int, BuildWork.Result), any Error>
    ) throws {
        guard options.keepsGoing || outcome.failures.isEmpty, !Task.isCancelled else { return }
        for queue in Queue.allCases {
            let limit = queue == .builders ? options.jobs : options.fetchJobs
            while running[queue.rawValue] < limit,
                let node = schedule.startNext(queue: queue.rawValue)
            {
                let work = try work(on: node)
                running[queue.rawValue] += 1
                services.report(
                    .started(
                        derivation: work.derivation.hash, name: work.derivation.name,
                        by: queue == .builders ? .sandbox : .fetch,
                        expectedMilliseconds: memory.milliseconds(work.derivation.name)))
                group.addTask { (node, await work.perform()) }
            }
        }
    }

    func queue(of node: Int) -> Queue {
        graph.nodes[node].derivation.kind.isFetch ? .fetches : .builders
    }

    func work(on node: Int) throws -> BuildWork {
        let item = graph.nodes[node]
        if let inputs = resolved[node]?.inputs { try memory.lease(inputs) }
        return BuildWork(
            node: node, derivation: item.derivation,
            key: try resolved[node]?.key ?? BuildWork.key(item.derivation, facts),
            resolved: resolved[node], sources: item.sources, facts: facts,
            isForced: options.rebuilds && wanted.contains(node), limits: options.limits,
            services: services, folders: folders)
    }

    private func take(_ result: BuildWork.Result, of node: Int) throws {
        let name = graph.nodes[node].derivation.name
        switch result {
        case .built(let built):
            memory.remember(name, milliseconds: built.record.facts.durationMilliseconds)
            memory.noteLeased(built.record.outputs.map(\.name))
            learn(built)
            if queue(of: node) == .fetches {
                outcome.summary.fetched += 1
            } else {
                outcome.summary.built += 1
            }
            try complete(node, with: built.record, isNew: true)
        case .found(let record): try complete(node, with: record, isNew: false)
        case .failed(let failure): fail(node, failure)
        case .cancelled:
            fail(node, BuildFailure(.cancelled, "`\(name)` was stopped"))
        }
    }

    private func learn(_ built: BuildWork.Built) {
        if let fact = built.urlHash {
            facts.add(fact)
            outcome.newURLHashes.append(fact)
        }
        if let pin = built.gitPin {
            facts.add(pin)
            outcome.newGitPins.append(pin)
        }
    }

    /// A node has failed, and what needs it with it.
    func fail(_ node: Int, _ failure: BuildFailure) {
        let derivation = graph.nodes[node].derivation
        outcome.summary.failed += 1
        outcome.failures.append(
            FailedDerivation(
                derivation: derivation.hash, name: derivation.name, failure: failure))
        services.report(
            .failed(derivation: derivation.hash, name: derivation.name, failure: failure))
        skip(schedule.fail(node), because: derivation.hash)
    }

    func skip(_ nodes: [Int], because cause: DerivationHash) {
        for node in nodes {
            causes[node] = cause
            let derivation = graph.nodes[node].derivation
            outcome.summary.skipped += 1
            services.report(
                .skipped(derivation: derivation.hash, name: derivation.name, because: cause))
        }
    }
}
