internal import GRPCCore

/// All builds: those that wait, those that run, and those that ended a while ago.
///
/// Equal builds are not one, as each is its client's to end. What they have in common is built once all
/// the same: by whoever comes to a derivation first, as in processes that share a store.
struct BuildQueue: Sendable {
    private let runner: BuildRunner
    private let builds: WorkQueue<RunningBuild>

    /// Builds that run at once: each has threads of its own, and takes turns with builders.
    private static let runningCount = 16
    /// More wait nowhere, or are remembered.
    private static let maximumCount = 1_000

    init(_ runner: BuildRunner, patience: Duration = .seconds(10)) {
        self.runner = runner
        builds = WorkQueue(
            kind: "builds", jobs: BuildQueue.runningCount, maximumCount: BuildQueue.maximumCount,
            patience: patience)
    }

    // MARK: - For handlers

    /// - Throws: `RESOURCE_EXHAUSTED` if there are too many.
    func submit(_ demand: BuildDemand) throws -> RunningBuild {
        if let build = add(demand) { return build }
        builds.forgetEnded()
        guard let build = add(demand) else {
            throw RequestError(.resourceExhausted, "too many builds are waiting")
        }
        return build
    }

    private func add(_ demand: BuildDemand) -> RunningBuild? {
        builds.add { RunningBuild(name: $0, demand: demand) }
    }

    /// - Throws: `NOT_FOUND`.
    func find(_ name: String) throws -> RunningBuild {
        guard let build = builds.find(name) else {
            throw RequestError(.notFound, "there is no build `\(name.prefix(200))`")
        }
        return build
    }

    // MARK: - For the server

    /// Runs what comes, until the task is cancelled.
    func run() async {
        await builds.run { [runner] build in
            build.begin()
            let result = await build.cancellation.run { await runner.run(build) }
            if let result { build.finish(result) }
        }
    }
}
