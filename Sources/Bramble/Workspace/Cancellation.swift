import BrambleLang
import Synchronization

/// Ends an operation of a workspace from another thread.
public final class Cancellation: Sendable {
    private struct State {
        var isCancelled = false
        var action: (@Sendable () -> Void)?
    }

    let evaluation = EvaluationCancellation()
    private let state = Mutex(State())

    public init() {}

    /// Lets the operation end soon, with an error of the kind `interrupted`.
    public func cancel() {
        evaluation.cancel()
        let action = state.withLock { state in
            state.isCancelled = true
            defer { state.action = nil }
            return state.action
        }
        action?()
    }

    /// Sets what else is to be told, once; now if it is cancelled already.
    public func onCancel(_ action: @escaping @Sendable () -> Void) {
        let isCancelled = state.withLock { state in
            if !state.isCancelled { state.action = action }
            return state.isCancelled
        }
        if isCancelled { action() }
    }
}
