/// Writes diagnostics and call stacks for a person to read, with excerpts of the source.
///
/// ```text
/// error: got newline, want primary expression
///  --> lib/hello.bramble:3:8
///   |
/// 3 | x = 1 +
///   |        ^
/// hint: …
/// ```
public struct DiagnosticRenderer: Sendable {
    /// How the text is to look.
    public struct Options: Sendable {
        /// Whether to write ANSI escape sequences for colours.
        public var usesColor = false
        /// How many columns of a source line an excerpt shows; longer lines are clipped.
        public var excerptWidth = 100
        /// How far apart tab stops are.
        public var tabWidth = 4

        public init() {}
    }

    let options: Options

    public init(options: Options = Options()) {
        self.options = options
    }

    /// A diagnostic with its excerpt, notes and hint; it ends with a line feed.
    public func render(_ diagnostic: Diagnostic) -> String {
        var text = heading(diagnostic.severity, diagnostic.message)
        text += excerpt(diagnostic.file, diagnostic.span, style(diagnostic.severity))
        for note in diagnostic.notes { text += render(note, in: diagnostic.file) }
        if let hint = diagnostic.hint { text += self.hint(hint) }
        return text
    }

    /// Several diagnostics with blank lines between them.
    public func render(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map(render).joined(separator: "\n")
    }

    /// An error without a place of its own, after the call stack that led to it, outermost frame
    /// first; it ends with a line feed. Without frames, only the message and the hint.
    public func render(
        _ message: String, severity: Diagnostic.Severity = .error, callStack: [CallFrame],
        hint: String? = nil
    ) -> String {
        var text = render(callStack)
        text += heading(severity, message)
        if let hint { text += self.hint(hint) }
        return text
    }

    // MARK: Parts

    private func heading(_ severity: Diagnostic.Severity, _ message: String) -> String {
        let name = severity == .error ? "error" : "warning"
        return style(severity).paint(name, options) + Style.bold.paint(": ", options)
            + Style.bold.paint(visible(message), options) + "\n"
    }

    private func hint(_ hint: String) -> String {
        Style.hint.paint("hint", options) + ": " + visible(hint) + "\n"
    }

    private func render(_ note: Diagnostic.Note, in file: SourceFile) -> String {
        var text = Style.note.paint("note", options) + ": " + visible(note.message) + "\n"
        if let span = note.span { text += excerpt(note.file ?? file, span, .note) }
        return text
    }

    private func style(_ severity: Diagnostic.Severity) -> Style {
        severity == .error ? .error : .warning
    }

    /// Messages quote the source, so that they may hold anything; line feeds are meant.
    func visible(_ message: String) -> String {
        var text = ""
        for scalar in message.unicodeScalars {
            if scalar == "\n" {
                text.unicodeScalars.append(scalar)
            } else {
                text += ExcerptCell.text(of: scalar)
            }
        }
        return text
    }

    private func excerpt(_ file: SourceFile, _ span: SourceSpan, _ style: Style) -> String {
        Excerpt(file: file, span: span, options: options, style: style).render()
    }
}

/// The colours of the parts of a message.
enum Style: String {
    case bold = "1"
    case error = "1;31"
    case warning = "1;33"
    case note = "1;32"
    case hint = "1;36"
    case gutter = "1;34"

    func paint(_ text: String, _ options: DiagnosticRenderer.Options) -> String {
        options.usesColor && !text.isEmpty ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
    }
}
