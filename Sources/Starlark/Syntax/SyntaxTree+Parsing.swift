public import SourceDiagnostics

extension SyntaxTree {
    /// Parses a file.
    ///
    /// Besides the grammar it checks the order of parameters and arguments, duplicates among them,
    /// and what is assigned to. Names and the rules of the dialect are for the resolver.
    ///
    /// - Throws: Up to 20 errors.
    public static func parse(
        _ file: SourceFile, dialect: Dialect = .standard
    ) throws(SyntaxErrors) -> SyntaxTree {
        let outcome = run(file, dialect: dialect, isExpression: false)
        if let errors = SyntaxErrors(outcome.allDiagnostics) { throw errors }
        return outcome.tree
    }

    /// Parses one expression, or several with commas between them, which make a tuple.
    ///
    /// - Returns: A tree whose only statement is an expression statement.
    public static func parseExpression(
        _ file: SourceFile, dialect: Dialect = .standard
    ) throws(SyntaxErrors) -> SyntaxTree {
        let outcome = run(file, dialect: dialect, isExpression: true)
        if let errors = SyntaxErrors(outcome.allDiagnostics) { throw errors }
        return outcome.tree
    }

    /// Parses a file that may have errors, for tools: statements that can't be understood are left
    /// out.
    public static func parseTolerantly(
        _ file: SourceFile, dialect: Dialect = .standard
    ) -> (tree: SyntaxTree, diagnostics: [Diagnostic]) {
        let outcome = run(file, dialect: dialect, isExpression: false)
        return (outcome.tree, SyntaxErrors(outcome.allDiagnostics)?.diagnostics ?? [])
    }

    /// Parses a file, but leaves the errors that don't spoil the tree (the order of parameters and
    /// arguments, duplicates among them, what is assigned to) to the caller, who can report them
    /// together with those of the resolver.
    package static func parseWithoutRules(
        _ file: SourceFile, dialect: Dialect, isExpression: Bool = false
    ) throws(SyntaxErrors) -> (tree: SyntaxTree, ruleDiagnostics: [Diagnostic]) {
        let outcome = run(file, dialect: dialect, isExpression: isExpression)
        if outcome.diagnostics.isEmpty { return (outcome.tree, outcome.ruleDiagnostics) }
        throw SyntaxErrors(outcome.allDiagnostics) ?? SyntaxErrors(outcome.diagnostics[0])
    }

    /// What an interactive session should do with a text.
    public enum Completeness: Sendable {
        /// It can be run.
        case complete
        /// A bracket, a string, or a block is open: more lines may make it complete.
        case incomplete
        /// It has an error that more text can't mend.
        case wrong
    }

    /// Whether a text, as typed so far in an interactive session, is complete.
    ///
    /// A compound statement ends with a blank line.
    public static func completeness(
        of file: SourceFile, dialect: Dialect = .standard
    ) -> Completeness {
        let outcome = run(file, dialect: dialect, isExpression: false)
        if !outcome.ruleDiagnostics.isEmpty { return .wrong }
        if !outcome.diagnostics.isEmpty { return outcome.isIncomplete ? .incomplete : .wrong }
        if outcome.isIncomplete { return .incomplete }
        let tree = outcome.tree
        let count = Int(tree.lists[Int(tree.root)])
        guard count > 0 else { return .complete }
        switch tree.nodes[Int(tree.lists[Int(tree.root) + count])].kind {
        case .def, .ifStatement, .forStatement, .whileStatement:
            return endsWithBlankLine(file.bytes) ? .complete : .incomplete
        default:
            return .complete
        }
    }

    private static func endsWithBlankLine(_ bytes: [UInt8]) -> Bool {
        var lineEnds = 0
        for byte in bytes.reversed() {
            if byte == UInt8(ascii: "\n") {
                lineEnds += 1
                if lineEnds == 2 { return true }
            } else if byte != UInt8(ascii: " ") && byte != UInt8(ascii: "\t")
                && byte != UInt8(ascii: "\r")
            {
                return false
            }
        }
        return true
    }

    // MARK: Running the parser

    private struct Outcome {
        var tree: SyntaxTree
        var diagnostics: [Diagnostic]
        var ruleDiagnostics: [Diagnostic]
        var isIncomplete: Bool

        var allDiagnostics: [Diagnostic] {
            Array((diagnostics + ruleDiagnostics).prefix(ErrorReport.maximumCount))
        }
    }

    private static func run(
        _ file: SourceFile, dialect: Dialect, isExpression: Bool
    ) -> Outcome {
        file.bytes.withUnsafeBufferPointer { text in
            var report = ErrorReport(file: file)
            refuseUnreadable(text, &report)
            // Nothing is read through the placeholder: the buffer it stands for is empty.
            let readable =
                report.diagnostics.isEmpty ? text : UnsafeBufferPointer(rebasing: text[..<0])
            return withUnsafePointer(to: 0 as UInt8) { placeholder in
                let base = readable.baseAddress ?? placeholder
                var parser = Parser(
                    text: readable, base: base, file: file, dialect: dialect)
                let parts = isExpression ? parser.parseExpressionTree() : parser.parseTree()
                let scanned = parser.scanner.report
                let endsInContinuation =
                    scanned.diagnostics.isEmpty && parser.scanner.endsInContinuation
                return Outcome(
                    tree: SyntaxTree(file: file, dialect: dialect, parts: parts),
                    diagnostics: report.diagnostics.isEmpty
                        ? scanned.diagnostics : report.diagnostics,
                    ruleDiagnostics: scanned.ruleDiagnostics,
                    isIncomplete: report.diagnostics.isEmpty
                        && (scanned.isIncomplete || endsInContinuation))
            }
        }
    }

    /// Texts that are too large or not UTF-8 are not scanned at all.
    private static func refuseUnreadable(
        _ text: UnsafeBufferPointer<UInt8>, _ report: inout ErrorReport
    ) {
        if text.count > Parser.maximumFileSize {
            report.add(
                "file too large: \(text.count) bytes, at most \(Parser.maximumFileSize)", 0..<0)
        } else if let invalid = firstInvalidUTF8(in: text) {
            report.add(
                "invalid UTF-8 encoding", invalid..<invalid + 1,
                hint: "the byte here has the value \(text[invalid]); save the file as UTF-8")
        }
    }
}

extension Parser {
    mutating func parseTree() -> SyntaxTree.Parts {
        let root = parseFile()
        return parts(root: root)
    }

    mutating func parseExpressionTree() -> SyntaxTree.Parts {
        let expression = parseExpressionFile()
        if expression != 0 {
            let statement = add(
                .expressionStatement, from: start(of: expression), to: end(of: expression),
                expression)
            pending = [statement]
        } else {
            pending = []
        }
        return parts(root: makeList(from: 0))
    }

    private func parts(root: UInt32) -> SyntaxTree.Parts {
        SyntaxTree.Parts(
            nodes: nodes, lists: lists, symbols: scanner.symbols.table, root: root,
            comments: scanner.comments)
    }
}
