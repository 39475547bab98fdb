import Glibc
package import Starlark
import Synchronization

/// Ctrl-C: cancels what runs; the second time, ends the process.
package final class Interruption: Sendable {
    private struct State {
        /// The flags of the evaluators that run.
        var flags: [CancellationFlag] = []
        var isRunning = false
        var isCancelled = false
    }

    private let state = Mutex(State())

    package init() {}

    /// Something begins to run.
    package func begin() { state.withLock { $0 = State(isRunning: true) } }

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
        state.withLock { state in
            state.isCancelled = true
            for flag in state.flags { flag.cancel() }
        }
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
