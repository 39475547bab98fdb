import Glibc
package import Starlark
import Synchronization

/// Ctrl-C: cancels what runs; the second time, ends the process.
package final class Interruption: Sendable {
    private struct State {
        /// The flags of the evaluators that run.
        var flags: [CancellationFlag] = []
        /// What else is to be told.
        var action: (@Sendable () -> Void)?
        var isRunning = false
        var isCancelled = false
    }

    private let state = Mutex(State())

    package init() {}

    /// Something begins to run.
    ///
    /// - Parameter action: Ends what no flag ends; called once at most.
    package func begin(_ action: (@Sendable () -> Void)? = nil) {
        state.withLock { $0 = State(action: action, isRunning: true) }
    }

    /// It has ended. A flag that was raised too late is lowered, for its next user.
    package func end() {
        state.withLock { state in
            for flag in state.flags { flag.reset() }
            state = State()
        }
    }

    /// Makes the flag of an evaluator one of those that are raised.
    package func add(_ flag: CancellationFlag) {
        state.withLock { state in
            state.flags.append(flag)
            if state.isCancelled { flag.cancel() }
        }
    }

    /// Ends what runs.
    package func cancel() {
        let action = state.withLock { state in
            state.isCancelled = true
            for flag in state.flags { flag.cancel() }
            defer { state.action = nil }
            return state.action
        }
        action?()
    }

    /// What the user does.
    package func interrupt() {
        let (isRunning, isCancelled) = state.withLock { ($0.isRunning, $0.isCancelled) }
        // Nothing runs: the process waits for input, or is about to end. And a program that does not
        // heed the first Ctrl-C sits in a builtin for longer than one waits.
        if !isRunning || isCancelled { _exit(ExitStatus.interrupted.rawValue) }
        cancel()
    }
}
