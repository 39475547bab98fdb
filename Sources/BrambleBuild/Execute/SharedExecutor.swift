package import BrambleModel
import Synchronization

/// Lets so many builders run at once, whichever builds they are of: for a machine that works on several
/// builds. Others wait their turn, in the order in which they came.
package final class SharedExecutor: Executor {
    private struct State {
        var running = 0
        var waiting: [(number: Int, continuation: CheckedContinuation<Bool, Never>)] = []
        var nextNumber = 0
    }

    private let executor: any Executor
    private let limit: Int
    private let state = Mutex(State())

    package init(_ executor: any Executor, limit: Int) {
        precondition(limit > 0, "an executor that runs nothing")
        self.executor = executor
        self.limit = limit
    }

    package var means: BuildEvent.Means { executor.means }

    package func run(
        _ job: BuildJob, in folder: String, line: @escaping @Sendable (String) -> Void
    ) async throws -> Execution {
        guard await enter() else { throw CancellationError() }
        defer { leave() }
        return try await executor.run(job, in: folder, line: line)
    }

    /// - Returns: false if the task was cancelled before its turn came.
    private func enter() async -> Bool {
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer = state.withLock { state -> Bool? in
                    // Who is cancelled now would be woken by nobody.
                    if Task.isCancelled { return false }
                    if state.running < limit {
                        state.running += 1
                        return true
                    }
                    state.waiting.append((number, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiting.firstIndex { $0.number == number }.map {
                    state.waiting.remove(at: $0).continuation
                }
            }
            waiter?.resume(returning: false)
        }
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            // The place of who leaves is that of who comes next.
            if !state.waiting.isEmpty { return state.waiting.removeFirst().continuation }
            state.running -= 1
            return nil
        }
        next?.resume(returning: true)
    }
}
