import BrambleModel
import SourceDiagnostics

/// All that is shown of a derivation that could not be built.
///
/// ```text
/// error: cannot build `hello`: the builder ended with status 1
///     checking for gcc... no
///     configure: error: no acceptable C compiler found
/// hint: …
/// note: `bramble log hze7…` shows all 1234 lines of its log
/// note: `bramble shell --last-failed` opens a shell where it failed
/// ```
struct FailureReport {
    private static let indentation = "    "

    let derivation: DerivationHash
    let failure: BuildFailure
    /// Who tried; nil if nobody here has begun it.
    let means: BuildEvent.Means?
    let log: LogTail

    /// The report; it ends with a line feed.
    func text(usesColor: Bool) -> String {
        var options = DiagnosticRenderer.Options()
        options.usesColor = usesColor
        // The hint, which the renderer would put next to the message, comes behind the log.
        var text = DiagnosticRenderer(options: options).render(failure.message, callStack: [])
        for line in log.lines {
            let shown = TerminalText.visible(line, keepsTabs: true)
            text += shown.isEmpty ? "\n" : FailureReport.indentation + shown + "\n"
        }
        if let hint = failure.hint { text += remark("hint", hint, usesColor) }
        if let command = logCommand { text += remark("note", command, usesColor) }
        if hasRoom {
            let command = "`bramble shell --last-failed` opens a shell where it failed"
            text += remark("note", command, usesColor)
        }
        return text
    }

    private func remark(_ heading: String, _ text: String, _ usesColor: Bool) -> String {
        let lines = LogTail.lines(of: text).map { TerminalText.visible($0) }
        return TextStyle.remark.paint(heading, usesColor: usesColor) + ": "
            + lines.joined(separator: "\n") + "\n"
    }

    /// nil if all that was logged is shown already.
    private var logCommand: String? {
        guard log.lineCount > log.lines.count else { return nil }
        return "`bramble log \(derivation)` shows all \(log.lineCount) lines of its log"
    }

    /// Whether there was a sandbox to step into: a builder ran on what this machine has, and it is not just
    /// that it was stopped.
    private var hasRoom: Bool {
        switch failure.reason {
        case .builder, .output, .limit: means != .server
        case .fetch, .hashMismatch, .graph, .notReproducible, .sandbox, .store, .remote,
            .cancelled:
            false
        }
    }
}
