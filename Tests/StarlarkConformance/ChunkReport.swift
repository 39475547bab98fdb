import SourceDiagnostics

@testable import Starlark

/// What one chunk has reported so far: assertions that failed, then perhaps one error that ended it.
///
/// Used by one thread, that of the evaluation; `Builtin` asks for `Sendable`.
final class ChunkReport: @unchecked Sendable {
    let file: SourceFile
    private(set) var errors: [(line: Int, message: String)] = []

    init(file: SourceFile) { self.file = file }

    func add(_ message: String, line: Int) { errors.append((line, message)) }

    func add(_ diagnostic: Diagnostic) {
        add(
            withHint(diagnostic.message, diagnostic.hint),
            line: file.location(of: diagnostic.span.start).line)
    }

    /// An error counts for the innermost place in the chunk itself.
    func add(_ error: EvaluationError) {
        add(withHint(error.message, error.hint), at: error.callStack.reversed())
    }

    /// - Parameter frames: innermost first.
    func add(_ message: String, at frames: [CallFrame]) {
        let frame = frames.first { $0.file.name == file.name } ?? frames.first
        add(message, line: frame.map { $0.file.location(of: $0.span.start).line } ?? 0)
    }
}

/// Suites match one text; we tell what to do apart from what is wrong.
func withHint(_ message: String, _ hint: String?) -> String {
    hint.map { "\(message) (\($0))" } ?? message
}
