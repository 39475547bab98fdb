import BrambleModel
import BrambleStore

extension BuildRun {
    /// Builds what was wanted again, under other circumstances, and compares; what was fetched is fetched again.
    func check() async throws {
        // Programs that write down the time do so in seconds.
        try await Task.sleep(for: BuildRun.pauseBeforeCheck)
        let works = try wanted.flatMap { node in try checkWork(on: node) }
        var next = works.makeIterator()
        try await withThrowingTaskGroup(of: (Int, BuildFailure?).self) { group in
            func start() {
                guard let (work, resolved, record, number) = next.next() else { return }
                group.addTask {
                    do {
                        if let resolved {
                            try await work.check(number, resolved, record)
                        } else {
                            try await work.checkFetch(record)
                        }
                        return (work.node, nil)
                    } catch let failure as BuildFailure {
                        return (work.node, failure)
                    } catch let error as StoreError {
                        return (work.node, BuildFailure(error, building: work.derivation.name))
                    } catch let error as FetchError {
                        return (work.node, error.failure)
                    }
                }
            }
            for _ in 0..<options.jobs { start() }
            while let (node, failure) = try await group.next() {
                if let failure { noteDifference(node, failure) }
                start()
            }
        }
    }

    private static let pauseBeforeCheck = Duration.milliseconds(1_100)

    /// What is to be done, on what, what came out the first time, and how many times it was done by then.
    private typealias CheckWork = (BuildWork, ResolvedDerivation?, BuildRecord, Int)

    private func checkWork(on node: Int) throws -> [CheckWork] {
        let work = try work(on: node)
        guard let key = work.key, let record = try store.findBuild(key) else { return [] }
        // Nothing of what varies shows in a fetch: once is enough.
        if work.derivation.kind.isFetch { return [(work, nil, record, 1)] }
        guard let resolved = work.resolved else { return [] }
        return (1...options.checks).map { (work, resolved, record, $0) }
    }

    private func noteDifference(_ node: Int, _ failure: BuildFailure) {
        let derivation = graph.nodes[node].derivation
        guard !outcome.failures.contains(where: { $0.derivation == derivation.hash }) else {
            return
        }
        outcome.summary.failed += 1
        outcome.failures.append(
            FailedDerivation(
                derivation: derivation.hash, name: derivation.name, failure: failure))
        services.report(
            .failed(derivation: derivation.hash, name: derivation.name, failure: failure))
    }
}
