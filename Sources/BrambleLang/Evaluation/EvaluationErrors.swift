package import SourceDiagnostics
import Starlark

/// All that was found wrong in an evaluation.
package struct EvaluationErrors: Error, Sendable {
    /// In an order that depends on the modules only. Never empty.
    package let errors: [EvaluationFault]

    init(_ errors: [EvaluationFault]) {
        precondition(!errors.isEmpty, "errors without an error")
        self.errors = errors
    }
}

/// Something that is wrong in a module, or with what was asked for.
package enum EvaluationFault: Sendable {
    /// It was found in the text of a module.
    case diagnostic(Diagnostic)
    /// A program failed, or what was asked for does not exist: then the call stack is empty.
    case failure(message: String, hint: String?, callStack: [CallFrame])
    /// A limit of the evaluation was reached.
    case limit(message: String, hint: String?, callStack: [CallFrame])

    /// As people read it, with excerpts.
    package func render(_ renderer: DiagnosticRenderer = DiagnosticRenderer()) -> String {
        switch self {
        case .diagnostic(let diagnostic): renderer.render(diagnostic)
        case .failure(let message, let hint, let stack), .limit(let message, let hint, let stack):
            renderer.render(message, callStack: stack, hint: hint)
        }
    }

    package var message: String {
        switch self {
        case .diagnostic(let diagnostic): diagnostic.message
        case .failure(let message, _, _), .limit(let message, _, _): message
        }
    }

    init(_ problem: ModuleProblem) {
        self = .failure(message: problem.message, hint: problem.hint, callStack: [])
    }

    init(_ error: EvaluationError) {
        switch error.kind {
        case .limit:
            self = .limit(message: error.message, hint: error.hint, callStack: error.callStack)
        case .program, .cancelled:
            self = .failure(message: error.message, hint: error.hint, callStack: error.callStack)
        }
    }
}

extension EvaluationErrors: CustomStringConvertible {
    package var description: String {
        errors.map { $0.render() }.joined(separator: "\n")
    }
}
