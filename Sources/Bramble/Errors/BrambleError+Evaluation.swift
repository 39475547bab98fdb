import BrambleLang

extension BrambleError {
    init(_ errors: EvaluationErrors) {
        let problems = errors.errors.map { fault -> Problem in
            switch fault {
            case .diagnostic(let diagnostic): .diagnostic(diagnostic)
            case .failure(let message, let hint, let callStack),
                .limit(let message, let hint, let callStack):
                .message(message, callStack: callStack, hint: hint)
            }
        }
        // Where a program is wrong elsewhere, that is what to mend first.
        let isLimit = errors.errors.allSatisfy { fault in
            if case .limit = fault { true } else { false }
        }
        self.init(isLimit ? .limit : .configuration, problems)
    }

    /// Runs what may fail because of what is evaluated.
    static func evaluating<Result>(
        _ body: () throws -> Result
    ) throws(BrambleError) -> Result {
        do {
            return try body()
        } catch let errors as EvaluationErrors {
            throw BrambleError(errors)
        } catch is CancellationError {
            throw BrambleError(.interrupted, "interrupted")
        } catch {
            preconditionFailure("no kind for \(error)")
        }
    }
}
