import BrambleLang

/// Ends an operation of a workspace from another thread.
public final class Cancellation: Sendable {
    let evaluation = EvaluationCancellation()

    public init() {}

    /// Lets the operation end soon, with an error of the kind `interrupted`.
    public func cancel() { evaluation.cancel() }
}
