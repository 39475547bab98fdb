import SourceDiagnostics

/// Why an evaluation step failed. One word, so that throwing it is cheap to pass on.
///
/// It holds no position: the machine knows the running instruction and adds the call stack when the
/// failure leaves it (`EvaluationError`).
package struct Failure: Error {
    enum Kind: Sendable {
        /// A mistake in the program.
        case program
        /// A limit of the evaluation was reached, or it was cancelled. No program can catch it.
        case limit, cancelled
    }

    /// `Error` asks for `Sendable`; a failure is made, caught and turned into an `EvaluationError` by the
    /// one thread that evaluates, and never leaves it.
    final class Details: @unchecked Sendable {
        let kind: Kind
        let message: String
        var hint: String?
        /// The error that a host function threw, or that `load` met.
        var underlying: (any Error)?
        /// The frames unwound so far, innermost first. Filled in by the machine.
        var frames: [CallFrame] = []

        init(kind: Kind, message: String, hint: String? = nil, underlying: (any Error)? = nil) {
            self.kind = kind
            self.message = message
            self.hint = hint
            self.underlying = underlying
        }
    }

    let details: Details

    package init(_ message: String, hint: String? = nil) {
        details = Details(kind: .program, message: message, hint: hint)
    }

    init(details: Details) { self.details = details }

    static func limit(_ message: String) -> Failure {
        Failure(details: Details(kind: .limit, message: message))
    }
}
