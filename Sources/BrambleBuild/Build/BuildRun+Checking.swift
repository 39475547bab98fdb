import BrambleModel
import BrambleStore

extension BuildRun {
    /// Builds what was wanted again, under other circumstances, and compares; what was fetched is fetched again.
    func check() async throws {
        // Programs that write down the time do so in seconds.
        try await Task.sleep(for: BuildRun.pauseBeforeCheck)
        var next = try wanted.compactMap { node in try check(of: node) }.makeIterator()
        try await withThrowingTaskGroup(of: (RepeatedBuild, RepeatedBuild.Result).self) { group in
            func start() {
                guard let check = next.next() else { return }
                reportStart(of: check)
                group.addTask { (check, try await check.run()) }
            }
            for _ in 0..<options.jobs { start() }
            while let (check, result) = try await group.next() {
                note(check, result)
                start()
            }
        }
    }

    private static let pauseBeforeCheck = Duration.milliseconds(1_100)

    private func check(of node: Int) throws -> RepeatedBuild? {
        let work = try work(on: node)
        guard let key = work.key, let record = try store.findBuild(key),
            work.derivation.kind.isFetch || work.resolved != nil
        else { return nil }
        return RepeatedBuild(
            work: work, record: record, built: builtDerivation(node, record),
            count: options.checks)
    }

    private func reportStart(of check: RepeatedBuild) {
        services.report(
            .started(
                derivation: check.built.derivation, name: check.work.derivation.name, by: .check,
                expectedMilliseconds: check.expectedMilliseconds))
    }

    private func note(_ check: RepeatedBuild, _ result: RepeatedBuild.Result) {
        switch result {
        case .same(let duration):
            outcome.summary.checked += 1
            services.report(
                .finished(built: check.built, milliseconds: duration.wholeMilliseconds))
        case .failed(let failure): note(failure, of: check.work.derivation)
        }
    }
}

/// What was built, and is to be built again to see whether it comes out the same.
private struct RepeatedBuild: Sendable {
    enum Result: Sendable {
        case same(after: Duration)
        case failed(BuildFailure)
    }

    let work: BuildWork
    /// Of the first build.
    let record: BuildRecord
    let built: BuiltDerivation
    /// How many times.
    let count: Int

    /// As long as the first build each time; nil for fetches, which are done once: nothing of what varies shows in them.
    var expectedMilliseconds: Int? {
        work.resolved.map { _ in record.facts.durationMilliseconds * count }
    }

    /// - Throws: `CancellationError`.
    func run() async throws -> Result {
        let start = ContinuousClock.now
        do {
            if let resolved = work.resolved {
                // One after the other, so that each has the machine as the first one had it.
                for number in 1...count { try await work.check(number, resolved, record) }
            } else {
                try await work.checkFetch(record)
            }
            return .same(after: .now - start)
        } catch {
            guard let failure = work.failure(error) else { throw error }
            return .failed(failure)
        }
    }
}
