/// A mistake in a source text, or a warning about one, for a person to act on.
public struct Diagnostic: Error, Sendable {
    public enum Severity: Sendable {
        /// The program can't run.
        case error
        /// It can, but probably does not do what was meant.
        case warning
    }

    /// A further place, or a further fact, that helps to understand a diagnostic.
    public struct Note: Sendable {
        public var message: String
        /// The file of `span`; nil if it is that of the diagnostic.
        public var file: SourceFile?
        /// Where it is, if it is anywhere.
        public var span: SourceSpan?

        public init(message: String, file: SourceFile? = nil, span: SourceSpan? = nil) {
            self.message = message
            self.file = file
            self.span = span
        }
    }

    public var severity: Severity
    /// What is wrong, without a full stop; names stand in backticks.
    public var message: String
    public var file: SourceFile
    public var span: SourceSpan
    public var notes: [Note]
    /// What to do about it, in one sentence.
    public var hint: String?

    public init(
        _ severity: Severity = .error, _ message: String, in file: SourceFile, at span: SourceSpan,
        notes: [Note] = [], hint: String? = nil
    ) {
        self.severity = severity
        self.message = message
        self.file = file
        self.span = span
        self.notes = notes
        self.hint = hint
    }
}
