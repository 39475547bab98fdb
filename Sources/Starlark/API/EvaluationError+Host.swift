import SourceDiagnostics

extension EvaluationError {
    /// An error for a host function to throw.
    ///
    /// - Parameters:
    ///   - message: what is wrong, without a full stop.
    ///   - hint: what to do about it, in one sentence.
    public init(_ message: String, hint: String? = nil) {
        kind = .program
        self.message = message
        self.hint = hint
        callStack = []
    }

    /// Runs what may fail inside of an evaluation.
    static func catching<Result>(
        _ body: () throws(Failure) -> Result
    ) throws(EvaluationError) -> Result {
        do throws(Failure) {
            return try body()
        } catch {
            throw EvaluationError(error)
        }
    }
}

extension EvaluationError: CustomStringConvertible {
    /// One line: the place that was reached, if any, and the message. `DiagnosticRenderer` shows
    /// more.
    public var description: String {
        guard let frame = callStack.last else { return message }
        return "\(frame.file.name):\(frame.file.location(of: frame.span.start)): \(message)"
    }
}

extension Failure {
    /// What is thrown on because host code threw. What comes from an evaluation keeps its message
    /// and its call stack; before any other message stands `context`.
    init(_ error: any Error, in context: @autoclosure () -> String) {
        switch error {
        case let failure as Failure: self = failure
        case let error as EvaluationError: self.init(error)
        case let error as ConversionError: self.init("\(context()): \(error)")
        default:
            self.init(
                details: .init(
                    kind: .program, message: "\(context()): \(error)", underlying: error))
        }
    }

    /// A failure inside an evaluation from the error that an inner one ended with.
    init(_ error: EvaluationError) {
        let kind: Kind =
            switch error.kind {
            case .program: .program
            case .limit: .limit
            case .cancelled: .cancelled
            }
        let details = Details(
            kind: kind, message: error.message, hint: error.hint, underlying: error.underlying)
        details.frames = error.callStack.reversed()
        self.init(details: details)
    }
}
