public import SourceDiagnostics

/// The mistakes that were found in a file before it could run, in the order of their places.
public struct SyntaxErrors: Error, Sendable {
    /// At least one diagnostic.
    public let diagnostics: [Diagnostic]

    /// Errors in any order; nil if there are none.
    public init?(_ diagnostics: [Diagnostic]) {
        guard !diagnostics.isEmpty else { return nil }
        // Sorting by offset is stable here: the enumeration breaks ties.
        self.diagnostics = diagnostics.enumerated()
            .sorted { ($0.element.span.start, $0.offset) < ($1.element.span.start, $1.offset) }
            .map(\.element)
    }

    public init(_ diagnostic: Diagnostic) {
        diagnostics = [diagnostic]
    }
}

extension SyntaxErrors: CustomStringConvertible {
    /// One line a diagnostic, without excerpts: `file:line:column: message`.
    public var description: String {
        diagnostics.map { diagnostic in
            let location = diagnostic.file.location(of: diagnostic.span.start)
            return "\(diagnostic.file.name):\(location): \(diagnostic.message)"
        }.joined(separator: "\n")
    }
}

/// What the scanner and the parser throw after they have reported an error: give up the statement.
struct SyntaxFailure: Error {}

/// Collects the errors of one file.
struct ErrorReport {
    /// More errors than this help nobody, and the later ones are likely to follow from the earlier.
    static let maximumCount = 20

    let file: SourceFile
    /// Breaches of the grammar: a statement is missing from the tree, or not what was written.
    private(set) var diagnostics: [Diagnostic] = []
    /// Breaches of rules beyond the grammar, such as the order of parameters: the tree is complete.
    private(set) var ruleDiagnostics: [Diagnostic] = []
    /// Set while the parser looks for a place to continue from.
    var isSilent = false
    /// Whether the first error lies in the text's having ended too soon: more text could mend it.
    private(set) var isIncomplete = false

    var isFull: Bool { diagnostics.count >= ErrorReport.maximumCount }

    init(file: SourceFile) {
        self.file = file
    }

    @inline(never)
    mutating func add(
        _ message: String, _ range: Range<Int>, hint: String? = nil,
        note: (message: String, range: Range<Int>)? = nil, isIncomplete: Bool = false
    ) {
        guard !isSilent && !isFull else { return }
        if diagnostics.isEmpty { self.isIncomplete = isIncomplete }
        var diagnostic = Diagnostic(.error, message, in: file, at: SourceSpan(range), hint: hint)
        if let note {
            diagnostic.notes = [.init(message: note.message, span: SourceSpan(note.range))]
        }
        diagnostics.append(diagnostic)
    }

    @inline(never)
    mutating func addRule(_ message: String, _ range: Range<Int>, hint: String? = nil) {
        guard ruleDiagnostics.count < ErrorReport.maximumCount else { return }
        ruleDiagnostics.append(
            Diagnostic(.error, message, in: file, at: SourceSpan(range), hint: hint))
    }
}

extension SourceSpan {
    init(_ range: Range<Int>) {
        self.init(
            start: UInt32(truncatingIfNeeded: range.lowerBound),
            end: UInt32(truncatingIfNeeded: range.upperBound))
    }
}
