package import SourceDiagnostics

/// A TOML document: its text, and what it says, with the place of everything.
///
/// The text is kept, so that an edit changes the bytes it is about and no others: comments, order
/// and style of the rest stay. (TOMLKit, which wraps toml++, sorts keys, drops comments and has no
/// places of values.)
package struct TOMLDocument: Sendable {
    /// A header, and how far its entries go.
    package struct Section: Sendable {
        package let path: [String]
        /// `[[path]]` rather than `[path]`.
        package let isArrayElement: Bool
        /// The header, with its brackets; empty for the start of the document.
        package let header: SourceSpan
        /// Behind the last entry, or behind the header if there is none; not behind comments.
        package internal(set) var end: UInt32
    }

    /// No project file is longer than this, in bytes: spans count bytes in 32 bits, and what is
    /// longer was not written by hand.
    package static let maximumBytes = 16 << 20

    package let file: SourceFile
    package let root: TOMLTable
    package let sections: [Section]

    /// Reads a document.
    ///
    /// - Throws: All that is wrong with it, in the order of the text, as far as it could be read.
    package init(_ file: SourceFile) throws(DiagnosticList) {
        guard file.bytes.count <= TOMLDocument.maximumBytes else {
            throw DiagnosticList([
                Diagnostic(
                    .error, "the file is longer than \(TOMLDocument.maximumBytes) bytes", in: file,
                    at: SourceSpan(start: 0, end: 0))
            ])
        }
        var parser = TOMLParser(file)
        parser.parseDocument()
        guard parser.diagnostics.isEmpty else { throw DiagnosticList(parser.diagnostics) }
        self.file = file
        root = parser.tables.freeze(0)
        sections = parser.sections
    }
}

/// Everything that is wrong with a file.
package struct DiagnosticList: Error, Sendable {
    /// In the order of the text; never empty.
    package let diagnostics: [Diagnostic]

    package init(_ diagnostics: [Diagnostic]) {
        precondition(!diagnostics.isEmpty, "an error without a diagnostic")
        self.diagnostics = diagnostics
    }
}
