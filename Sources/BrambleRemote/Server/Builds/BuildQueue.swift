internal import BrambleBuild
internal import BrambleModel
internal import BrambleREAPI
internal import BrambleStore
internal import GRPCCore
internal import Synchronization

/// All builds: those that wait, those that run, and those that ended a while ago.
///
/// Equal builds are not one, as each is its client's to end. What they have in common is built once all
/// the same: by whoever comes to a derivation first, as in processes that share a store.
final class BuildQueue: Sendable {
    private struct State {
        var builds: [String: RunningBuild] = [:]
        var nextNumber = 0
    }

    private let runner: BuildRunner
    private let patience: Duration
    private let state = Mutex(State())
    private let arrivals: AsyncStream<RunningBuild>
    private let arrival: AsyncStream<RunningBuild>.Continuation
    /// Tells the names of this run's builds from those of another.
    private let prefix = String(UInt64.random(in: 0 ... .max), radix: 36)

    /// Builds that run at once: each has threads of its own, and takes turns with builders.
    private static let runningCount = 16
    /// More wait nowhere, or are remembered.
    private static let maximumCount = 1_000
    /// How long a client may be away before its build is ended.
    static let usualPatience = Duration.seconds(10)
    /// How long a result can be asked for by the name of its build.
    private static let memory = Duration.seconds(600)

    init(_ runner: BuildRunner, patience: Duration = BuildQueue.usualPatience) {
        self.runner = runner
        self.patience = patience
        (arrivals, arrival) = AsyncStream.makeStream()
    }

    // MARK: - For handlers

    /// - Throws: `RESOURCE_EXHAUSTED` if there are too many.
    func submit(_ demand: BuildDemand) throws -> RunningBuild {
        let build = state.withLock { state -> RunningBuild? in
            if state.builds.count >= BuildQueue.maximumCount {
                state.builds = state.builds.filter { !$0.value.isDone }
            }
            guard state.builds.count < BuildQueue.maximumCount else { return nil }
            state.nextNumber += 1
            let build = RunningBuild(
                name: "builds/\(prefix)-\(state.nextNumber)", demand: demand)
            state.builds[build.name] = build
            return build
        }
        guard let build else {
            throw RequestError(.resourceExhausted, "too many builds are waiting")
        }
        arrival.yield(build)
        return build
    }

    /// - Throws: `NOT_FOUND`.
    func find(_ name: String) throws -> RunningBuild {
        guard let build = state.withLock({ $0.builds[name] }) else {
            throw RequestError(.notFound, "there is no build `\(name.prefix(200))`")
        }
        return build
    }

    private var all: [RunningBuild] { state.withLock { Array($0.builds.values) } }

    // MARK: - For the server

    /// Runs what comes, until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.tidy() }
            group.addTask { await self.runArrivals() }
        }
    }

    private func runArrivals() async {
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            for await build in arrivals {
                if running == BuildQueue.runningCount {
                    await group.next()
                    running -= 1
                }
                running += 1
                group.addTask { await self.run(build) }
            }
        }
    }

    private func run(_ build: RunningBuild) async {
        let (cancellation, cancel) = AsyncStream.makeStream(of: Void.self)
        build.onCancel { cancel.finish() }
        build.begin()
        let result = await withTaskGroup(of: BuildResultMessage?.self) { group in
            group.addTask { [runner] in await runner.run(build) }
            group.addTask {
                for await _ in cancellation {}
                return nil
            }
            var result = await group.next() ?? nil
            group.cancelAll()
            while let next = await group.next() { result = result ?? next }
            return result
        }
        if let result { build.finish(result) }
    }

    /// Ends what nobody waits for any more, and forgets what ended long ago.
    private func tidy() async {
        while !Task.isCancelled {
            for build in all {
                let solitude = build.solitude
                if build.isDone, solitude > BuildQueue.memory {
                    state.withLock { $0.builds[build.name] = nil }
                } else if !build.isDone, solitude > patience {
                    build.cancel()
                }
            }
            // Cancelled: the loop ends.
            try? await Task.sleep(for: .seconds(1))
        }
    }
}
