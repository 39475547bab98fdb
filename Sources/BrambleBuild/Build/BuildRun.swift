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
    /// Questions to other machines that were not asked yet, in their order.
    var asks: [Ask] = []
    /// What was built and is not yet on its way to other machines.
    var uploads: [Upload] = []

    /// The kinds of work, each with slots of its own.
    enum Queue: Int, CaseIterable {
        case builders, fetches
    }

    private let folders: WorkFolderPool
    private var running = [0, 0]
    private var asking = 0
    private var uploading = 0
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
        if !options.isDryRun || !asks.isEmpty { try await work() }
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
            [.recalling, .waiting, .resolving, .queued].contains(schedule.state(of: $0))
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
        try await withThrowingTaskGroup(of: Report.self) { group in
            while true {
                startUploads(&group)
                startAsking(&group)
                // What is begun here runs as soon as the loop waits.
                BuildThreads.finishJob()
                try startWork(&group)
                guard let report = try await group.next() else { return }
                try take(report)
                try lookUp()
            }
        }
        try Task.checkCancellation()
    }

    private func take(_ report: Report) throws {
        switch report {
        case .worked(let node, let result):
            running[queue(of: node).rawValue] -= 1
            try take(result, of: node)
        case .answered(let ask, let record, let duration):
            asking -= 1
            try take(ask, record, duration)
        case .published: uploading -= 1
        case .failed(let error): throw error
        case .cancelled: throw CancellationError()
        }
    }

    /// Whether more is to be begun.
    private var goesOn: Bool {
        (options.keepsGoing || outcome.failures.isEmpty) && !Task.isCancelled
    }

    private func startAsking(_ group: inout ThrowingTaskGroup<Report, any Error>) {
        guard goesOn, let substituter = services.substituter else { return }
        // Those asked last were found by following what is wanted furthest.
        while asking < BuildOptions.askingLimit, let ask = asks.popLast() {
            asking += 1
            let observer = observer(of: ask.node)
            group.addTask { await BuildRun.answer(ask, substituter, observer) }
        }
    }

    private func startUploads(_ group: inout ThrowingTaskGroup<Report, any Error>) {
        guard !Task.isCancelled, let substituter = services.substituter else { return }
        while uploading < BuildOptions.uploadLimit, let upload = uploads.popLast() {
            uploading += 1
            let observer = observer(of: upload.node)
            group.addTask {
                await substituter.publish(upload.record, aliases: upload.aliases, observer)
                return .published
            }
        }
    }

    private func startWork(_ group: inout ThrowingTaskGroup<Report, any Error>) throws {
        guard goesOn, !options.isDryRun else { return }
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
                        by: queue == .builders ? services.executor.means : .fetch,
                        expectedMilliseconds: memory.milliseconds(work.derivation.name)))
                group.addTask {
                    let result = await work.perform()
                    BuildThreads.finishJob()
                    return .worked(node: node, result)
                }
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
            try complete(node, with: built.record, .built)
            noteForOthers(node, built.record)
        case .found(let record): try complete(node, with: record, .found)
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
        note(failure, of: derivation)
        skip(schedule.fail(node), because: derivation.hash)
    }

    func note(_ failure: BuildFailure, of derivation: Derivation) {
        outcome.summary.failed += 1
        outcome.failures.append(
            FailedDerivation(
                derivation: derivation.hash, name: derivation.name, failure: failure))
        services.report(
            .failed(derivation: derivation.hash, name: derivation.name, failure: failure))
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
