internal import BrambleModel
internal import BrambleREAPI
internal import Glibc
internal import SwiftProtobuf
internal import Synchronization

/// All executions: those that wait, those that run, and those that ended a while ago.
final class ExecutionQueue: Sendable {
    private struct State {
        var operations: [String: RunningOperation] = [:]
        /// Those that others who ask for the same may join.
        var shared: [Subject: RunningOperation] = [:]
        var nextNumber = 0
    }

    /// What makes two requests one.
    private struct Subject: Hashable {
        let action: Digest
        let instance: String
    }

    private let runner: ActionRunner
    private let jobs: Int
    private let state = Mutex(State())
    private let arrivals: AsyncStream<RunningOperation>
    private let arrival: AsyncStream<RunningOperation>.Continuation
    /// Tells the names of this run's operations from those of another.
    private let prefix = String(UInt64.random(in: 0 ... .max), radix: 36)

    /// More wait nowhere: a client that sends this many has lost its mind.
    private static let maximumCount = 20_000
    /// How long a client may be away before what it wanted is ended.
    private static let patience = Duration.seconds(10)
    /// How long a result can be asked for by the name of its operation.
    private static let memory = Duration.seconds(600)

    init(_ runner: ActionRunner, jobs: Int) {
        self.runner = runner
        self.jobs = jobs
        (arrivals, arrival) = AsyncStream.makeStream()
    }

    // MARK: - For handlers

    /// Begins an execution, or joins one of the same action that has not ended.
    ///
    /// - Throws: `noRoom` if there are too many.
    func submit(_ request: ActionRequest, instance: String) throws(CacheError) -> RunningOperation {
        let subject = Subject(action: request.digest, instance: instance)
        let (operation, isNew) = state.withLock { state -> (RunningOperation?, Bool) in
            // REAPI v2, `Action.do_not_cache`: such requests are not merged.
            if request.isToBeKept, let operation = state.shared[subject], !operation.isDone,
                !operation.isCancelled
            {
                return (operation, false)
            }
            guard state.operations.count < ExecutionQueue.maximumCount else { return (nil, false) }
            state.nextNumber += 1
            let operation = RunningOperation(
                name: "operations/\(prefix)-\(state.nextNumber)", request: request,
                instance: instance)
            state.operations[operation.name] = operation
            if request.isToBeKept { state.shared[subject] = operation }
            return (operation, true)
        }
        guard let operation else { throw CacheError(.noRoom, "too many actions are waiting") }
        if isNew { arrival.yield(operation) }
        return operation
    }

    func find(_ name: String) -> RunningOperation? { state.withLock { $0.operations[name] } }

    var all: [RunningOperation] {
        state.withLock { $0.operations.values.sorted { $0.name < $1.name } }
    }

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
            for await operation in arrivals {
                if running == jobs {
                    await group.next()
                    running -= 1
                }
                running += 1
                group.addTask { await self.run(operation) }
            }
        }
    }

    private func run(_ operation: RunningOperation) async {
        let (cancellation, cancel) = AsyncStream.makeStream(of: Void.self)
        operation.onCancel { cancel.finish() }
        operation.enter(.executing)
        let response = await withTaskGroup(of: ActionRunner.Response?.self) { group in
            group.addTask { [runner] in await runner.run(operation) }
            group.addTask {
                for await _ in cancellation {}
                return nil
            }
            var response = await group.next() ?? nil
            group.cancelAll()
            while let next = await group.next() { response = response ?? next }
            return response
        }
        if let response { operation.finish(response) }
        state.withLock { state in
            let subject = Subject(
                action: operation.request.digest, instance: operation.instance)
            if state.shared[subject] === operation { state.shared[subject] = nil }
        }
    }

    /// Ends what nobody waits for any more, and forgets what ended long ago.
    private func tidy() async {
        while !Task.isCancelled {
            for operation in all {
                let solitude = operation.solitude
                if operation.isDone, solitude > ExecutionQueue.memory {
                    state.withLock { $0.operations[operation.name] = nil }
                } else if !operation.isDone, solitude > ExecutionQueue.patience {
                    operation.cancel()
                }
            }
            // Cancelled: the loop ends.
            try? await Task.sleep(for: .seconds(1))
        }
    }
}
