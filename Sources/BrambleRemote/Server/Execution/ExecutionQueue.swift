internal import BrambleModel
internal import BrambleREAPI
internal import Synchronization

/// All executions: those that wait, those that run, and those that ended a while ago.
final class ExecutionQueue: Sendable {
    /// What makes two requests one.
    private struct Subject: Hashable {
        let action: Digest
        let instance: String
    }

    private let runner: ActionRunner
    private let operations: WorkQueue<RunningOperation>
    /// Those that others who ask for the same may join.
    private let shared = Mutex<[Subject: RunningOperation]>([:])

    /// More wait nowhere: a client that sends this many has lost its mind.
    private static let maximumCount = 20_000

    init(_ runner: ActionRunner, jobs: Int) {
        self.runner = runner
        operations = WorkQueue(
            kind: "operations", jobs: jobs, maximumCount: ExecutionQueue.maximumCount)
    }

    // MARK: - For handlers

    /// Begins an execution, or joins one of the same action that has not ended.
    ///
    /// - Throws: `noRoom` if there are too many.
    func submit(_ request: ActionRequest, instance: String) throws(CacheError) -> RunningOperation {
        let subject = Subject(action: request.digest, instance: instance)
        let operation = shared.withLock { shared -> RunningOperation? in
            // REAPI v2, `Action.do_not_cache`: such requests are not merged.
            if request.isToBeKept, let operation = shared[subject], !operation.isDone,
                !operation.isCancelled
            {
                return operation
            }
            let operation = operations.add {
                RunningOperation(name: $0, request: request, instance: instance)
            }
            if request.isToBeKept, let operation { shared[subject] = operation }
            return operation
        }
        guard let operation else { throw CacheError(.noRoom, "too many actions are waiting") }
        return operation
    }

    func find(_ name: String) -> RunningOperation? { operations.find(name) }

    var all: [RunningOperation] { operations.all.sorted { $0.name < $1.name } }

    // MARK: - For the server

    /// Runs what comes, until the task is cancelled.
    func run() async {
        await operations.run { await self.run($0) }
    }

    private func run(_ operation: RunningOperation) async {
        operation.enter(.executing)
        let response = await operation.cancellation.run { [runner] in await runner.run(operation) }
        if let response { operation.finish(response) }
        shared.withLock { shared in
            let subject = Subject(
                action: operation.request.digest, instance: operation.instance)
            if shared[subject] === operation { shared[subject] = nil }
        }
    }
}
