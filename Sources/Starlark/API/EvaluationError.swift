public import SourceDiagnostics

/// Why an evaluation failed, and where: the message and the call stack across modules.
public struct EvaluationError: Error, Sendable {
    public enum Kind: Sendable {
        /// A mistake in the program, or an error of a host function.
        case program
        /// A limit of the evaluation was reached.
        case limit
        /// The evaluation was cancelled.
        case cancelled
    }

    public var kind: Kind
    public var message: String
    /// What to do about it, in one sentence.
    public var hint: String?
    /// The functions that were running, outermost first.
    public var callStack: [CallFrame]
    /// The error that a host function or the load handler threw.
    public var underlying: (any Error)?

    init(_ failure: Failure) {
        switch failure.details.kind {
        case .program: kind = .program
        case .limit: kind = .limit
        case .cancelled: kind = .cancelled
        }
        message = failure.details.message
        hint = failure.details.hint
        underlying = failure.details.underlying
        callStack = failure.details.frames.reversed()
    }
}

extension Failure.Details {
    /// Of deeper call stacks the innermost frames and the outermost one are kept.
    private static let maximumFrames = 10_000

    /// Notes the frame of `code` at instruction `index`.
    func note(_ code: UnsafeMutablePointer<Code>, at index: Int) {
        if frames.count == Failure.Details.maximumFrames { frames.removeLast() }
        frames.append(code.pointee.callFrame(at: index))
    }
}
