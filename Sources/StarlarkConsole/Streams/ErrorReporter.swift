import Glibc
import SourceDiagnostics
import Starlark

/// Tells the user what went wrong, on standard error.
package struct ErrorReporter {
    package let usesColor: Bool
    private let renderer: DiagnosticRenderer
    private let standardError: OutputStream

    package init(color: ColorChoice, standardError: OutputStream) {
        var options = DiagnosticRenderer.Options()
        usesColor = color.usesColor(on: STDERR_FILENO)
        options.usesColor = usesColor
        renderer = DiagnosticRenderer(options: options)
        self.standardError = standardError
    }

    /// Shows any error that running a program can end with, and says what the process is to end with.
    package func report(_ error: any Error) -> ExitStatus {
        defer { standardError.flush() }
        switch error {
        case let error as SyntaxErrors:
            write(renderer.render(error.diagnostics))
            return .program
        case let error as FileFailure:
            write(renderer.render("\(error)", callStack: []))
            return .file
        case let error as EvaluationError:
            return report(error)
        default:
            preconditionFailure("no message for \(error)")
        }
    }

    /// Says what may help after an error that was shown.
    package func hint(_ text: String) {
        write("hint: \(text)\n")
        standardError.flush()
    }

    private func report(_ error: EvaluationError) -> ExitStatus {
        // An error in a loaded file: the calls that led to the `load` come before those in the file.
        var callStack = error.callStack
        var cause = error
        while let inner = cause.underlying as? EvaluationError {
            callStack += inner.callStack
            cause = inner
        }
        var message = cause.message
        var details = ""
        if let syntaxErrors = cause.underlying as? SyntaxErrors {
            // What the message has of them in one line stands below, with excerpts.
            let summary = ": \(syntaxErrors)"
            if message.hasSuffix(summary) { message.removeLast(summary.count) }
            details = "\n" + renderer.render(syntaxErrors.diagnostics)
        }
        let isCycle = cause.underlying is ModuleLoader.Cycle
        let hint = cause.hint ?? (isCycle ? "move what both files need into a third" : nil)
        write(renderer.render(message, callStack: callStack, hint: hint) + details)
        switch cause.kind {
        case .program: return .program
        case .limit: return .limit
        case .cancelled: return .interrupted
        }
    }

    private func write(_ text: String) { standardError.write(text) }
}
