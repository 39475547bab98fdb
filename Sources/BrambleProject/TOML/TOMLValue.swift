package import SourceDiagnostics

/// A value of a TOML document, and where it stands (TOML 1.0.0).
package struct TOMLValue: Sendable {
    package indirect enum Content: Sendable {
        case string(String)
        case integer(Int64)
        case float(Double)
        case boolean(Bool)
        /// A date, a time or both, as written; checked, but of no further use to a project.
        case dateTime(String)
        case array([TOMLValue])
        case table(TOMLTable)
    }

    package let content: Content
    /// From its first byte to its last; of a table with a header, the header.
    package let span: SourceSpan

    package var string: String? {
        if case .string(let text) = content { return text }
        return nil
    }

    package var table: TOMLTable? {
        if case .table(let table) = content { return table }
        return nil
    }

    /// What messages call a value of this type, with its article.
    package var typeName: String {
        switch content {
        case .string: "a string"
        case .integer: "an integer"
        case .float: "a float"
        case .boolean: "a boolean"
        case .dateTime: "a date or time"
        case .array: "an array"
        case .table: "a table"
        }
    }
}

/// A key of a table and its value.
package struct TOMLEntry: Sendable {
    package let key: String
    /// The key as written, with its quotes; of a dotted key, the one component.
    package let keySpan: SourceSpan
    package let value: TOMLValue
    /// From the first component of the key to the end of the value; nil if the entry is a table that
    /// headers or dotted keys made.
    package let statement: SourceSpan?
}

/// Keys and values in the order of the document.
package struct TOMLTable: Sendable {
    /// How a table was written, which is how it has to be edited.
    package enum Style: Sendable {
        /// `[a]`, or the document itself, or a table that exists because something is in it.
        case section
        case inline
    }

    package let entries: [TOMLEntry]
    package let style: Style

    /// The entry of a key. Takes time linear in the number of entries.
    package subscript(key: String) -> TOMLEntry? {
        entries.first { $0.key.utf8.elementsEqual(key.utf8) }
    }
}
