import Starlark
import Synchronization

/// Ends an evaluation from another thread.
package final class EvaluationCancellation: Sendable {
    private struct State {
        var isCancelled = false
        var flags: [CancellationFlag] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Lets the evaluation end soon, by `CancellationError`; one that has not begun ends at once.
    package func cancel() {
        state.withLock { state in
            state.isCancelled = true
            for flag in state.flags { flag.cancel() }
        }
    }

    package var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// Lets `cancel` raise a flag as well.
    func add(_ flag: CancellationFlag) {
        state.withLock { state in
            if state.isCancelled { flag.cancel() }
            state.flags.append(flag)
        }
    }
}
