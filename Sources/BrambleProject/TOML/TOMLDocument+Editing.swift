package import SourceDiagnostics

/// Edits of a document. They give its text anew, in which all that the edit is not about is as it was,
/// byte by byte: comments, order, style.
extension TOMLDocument {
    /// Why an edit can't be made.
    package enum EditFailure: Error {
        /// The key has a table of its own, with a header or by dotted keys, perhaps with comments in
        /// it. Whoever wrote it so has to change it.
        case spreadOut(SourceSpan)
        /// The table is no table, or one of an array.
        case noTable(SourceSpan)
    }

    /// Sets the value of a key in a table of the document itself. What is new comes last in its table,
    /// and a new table last in the document.
    ///
    /// - Parameter value: As TOML.
    package func setting(
        _ key: String, in table: String, to value: String
    ) throws(EditFailure) -> [UInt8] {
        let line = TOMLDocument.key(key) + " = " + value
        guard let entry = root[table] else {
            let isApart = file.bytes.isEmpty || file.bytes.suffix(2) == [newline, newline]
            let isEnded = file.bytes.isEmpty || file.bytes.last == newline
            return replacing(
                file.bytes.count..<file.bytes.count,
                (isEnded ? "" : "\n") + (isApart ? "" : "\n")
                    + "[\(TOMLDocument.key(table))]\n\(line)\n")
        }
        guard let found = entry.value.table else { throw .noTable(entry.keySpan) }
        if let old = found[key] {
            guard old.statement != nil else { throw .spreadOut(old.keySpan) }
            return replacing(range(old.value.span), value)
        }
        if found.style == .inline {
            let text = bytes(entry.value.span)
            // Before the white space that the closing brace may have before it.
            let tail = text.dropLast().reversed().prefix { $0 == 0x20 || $0 == 0x09 }.count
            let end = Int(entry.value.span.end) - 1 - tail
            let padding = found.entries.isEmpty && tail == 0 ? " " : ""
            return replacing(
                end..<end,
                (found.entries.isEmpty ? padding : ", ") + line + (tail == 0 ? " " : ""))
        }
        if let section = sections.last(where: { $0.path == [table] && !$0.isArrayElement }) {
            return adding(line, behind: section)
        }
        // Dotted keys made the table, or it has tables only.
        guard found.entries.contains(where: { $0.statement != nil }) else {
            return try settingWithHeader(line, in: table, before: entry)
        }
        return adding(TOMLDocument.key(table) + "." + line, behind: sections[0])
    }

    /// Behind the last line that an entry of the section is on, with the comment that it may have.
    private func adding(_ line: String, behind section: Section) -> [UInt8] {
        let rest = file.bytes[Int(section.end)...]
        let end = rest.firstIndex(of: newline) ?? rest.endIndex
        return replacing(end..<end, "\n" + line)
    }

    /// Removes a key from a table of the document itself, with the line that it stands on if nothing but a
    /// comment stands there too.
    ///
    /// - Returns: nil if there is no such key.
    package func removing(_ key: String, from table: String) throws(EditFailure) -> [UInt8]? {
        guard let found = root[table]?.value.table, let entry = found[key] else { return nil }
        guard let statement = entry.statement else { throw .spreadOut(entry.keySpan) }
        var (start, end) = (Int(statement.start), Int(statement.end))
        guard found.style == .inline else {
            while start > 0, file.bytes[start - 1] != newline { start -= 1 }
            while end < file.bytes.count, file.bytes[end] != newline { end += 1 }
            return replacing(start..<min(end + 1, file.bytes.count), "")
        }
        // With the comma behind it; the last one with the one before it.
        let blanks: Set<UInt8> = [0x20, 0x09]
        func isComma(_ offset: Int) -> Bool { file.bytes[offset] == UInt8(ascii: ",") }
        var next = end
        while blanks.contains(file.bytes[next]) { next += 1 }
        if isComma(next) {
            end = next + 1
            while blanks.contains(file.bytes[end]) { end += 1 }
        } else {
            var previous = start - 1
            while blanks.contains(file.bytes[previous]) { previous -= 1 }
            if isComma(previous) { start = previous }
        }
        return replacing(start..<end, "")
    }

    /// A text as a value: a basic string.
    package static func string(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\u{0}"..."\u{1F}", "\u{7F}":
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private static func key(_ text: String) -> String {
        !text.isEmpty && text.utf8.allSatisfy(isBareKey) ? text : string(text)
    }

    /// Of a table that is only there because there are tables in it.
    private func settingWithHeader(
        _ line: String, in table: String, before entry: TOMLEntry
    ) throws(EditFailure) -> [UInt8] {
        guard let first = sections.first(where: { $0.path.first == table }) else {
            throw .spreadOut(entry.keySpan)
        }
        let start = Int(first.header.start)
        return replacing(start..<start, "[\(TOMLDocument.key(table))]\n\(line)\n\n")
    }

    private func range(_ span: SourceSpan) -> Range<Int> { Int(span.start)..<Int(span.end) }

    private func bytes(_ span: SourceSpan) -> ArraySlice<UInt8> { file.bytes[range(span)] }

    private func replacing(_ range: Range<Int>, _ text: String) -> [UInt8] {
        var bytes = Array(file.bytes)
        bytes.replaceSubrange(range, with: text.utf8)
        return bytes
    }
}
