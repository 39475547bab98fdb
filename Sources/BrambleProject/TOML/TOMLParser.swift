import SourceDiagnostics

/// Reads a TOML document in one pass over its bytes.
struct TOMLParser {
    /// One thing that is wrong.
    struct Failure: Error {
        var message: String
        var start: Int
        var end: Int
        var hint: String?
        var notes: [Diagnostic.Note] = []
    }

    /// How deep values nest and how long keys are: the reader recurses, and nobody writes more.
    static let maximumDepth = 100
    /// More than these say nothing new.
    static let maximumDiagnostics = 20

    let file: SourceFile
    let bytes: [UInt8]
    var position = 0
    var depth = 0
    var tables = TOMLTables()
    var sections: [TOMLDocument.Section] = []
    var diagnostics: [Diagnostic] = []
    /// The table that entries go to.
    private var current = 0

    init(_ file: SourceFile) {
        self.file = file
        bytes = file.bytes
    }

    mutating func parseDocument() {
        let start = SourceSpan(start: 0, end: 0)
        current = tables.makeTable(start)
        sections.append(.init(path: [], isArrayElement: false, header: start, end: 0))
        if let offset = firstInvalidUTF8(bytes) {
            report(failure("the file is not valid UTF-8", from: offset, to: offset + 1))
            return
        }
        while position < bytes.count && diagnostics.count < TOMLParser.maximumDiagnostics {
            let lineStart = position
            do throws(Failure) {
                try parseLine()
            } catch {
                report(error)
                // Behind a value of several lines it is not known where the next line begins.
                if bytes[lineStart..<min(error.end, bytes.count)].contains(newline) { return }
                skipLine()
            }
        }
    }

    private mutating func report(_ failure: Failure) {
        diagnostics.append(
            Diagnostic(
                .error, failure.message, in: file, at: span(failure.start, failure.end),
                notes: failure.notes, hint: failure.hint))
    }

    private mutating func skipLine() {
        while position < bytes.count && bytes[position] != newline { position += 1 }
        if position < bytes.count { position += 1 }
    }

    // MARK: Lines

    private mutating func parseLine() throws(Failure) {
        skipBlanks()
        switch peek {
        case nil, newline, UInt8(ascii: "#"), UInt8(ascii: "\r"): break
        case UInt8(ascii: "["): try parseHeader()
        default:
            try parseEntry(in: current, isInline: false)
            sections[sections.count - 1].end = UInt32(position)
        }
        try parseLineEnd()
    }

    private mutating func parseLineEnd() throws(Failure) {
        skipBlanks()
        try skipComment()
        guard position < bytes.count else { return }
        if skipNewline() { return }
        var end = position
        while end < bytes.count && bytes[end] != newline && bytes[end] != UInt8(ascii: "#") {
            end += 1
        }
        throw failure(
            "expected the end of the line", from: position, to: end,
            hint: "one key and value, or one header, stands on a line; texts need quotes")
    }

    private mutating func parseHeader() throws(Failure) {
        let start = position
        position += 1
        let isArray = peek == UInt8(ascii: "[")
        if isArray { position += 1 }
        skipBlanks()
        let keys = try parseKeys()
        skipBlanks()
        let closing = isArray ? "]]" : "]"
        guard bytes[position...].starts(with: closing.utf8) else {
            throw failure(
                "the header is not closed", from: start, to: position,
                hint: "put `\(closing)` behind the name")
        }
        position += closing.utf8.count
        let header = span(start, position)
        current = try open(keys, header, isArray: isArray)
        sections.append(
            .init(
                path: keys.map(\.text), isArrayElement: isArray, header: header,
                end: UInt32(position)))
    }

    /// The table that a header means, made if it is new.
    private mutating func open(
        _ keys: [TOMLKey], _ header: SourceSpan, isArray: Bool
    ) throws(Failure) -> Int {
        var table = 0
        for key in keys.dropLast() { table = try step(into: key, of: table, header) }
        let key = keys[keys.count - 1]
        guard let entry = tables.entry(key, in: table) else {
            let made = tables.makeTable(header)
            tables.nodes[made].isDefined = true
            let slot: TOMLTables.Slot = isArray ? .tables([made]) : .table(made)
            tables.add(.init(key: key, slot: slot, statement: nil), to: table)
            return made
        }
        switch entry.slot {
        case .tables where isArray:
            let made = tables.makeTable(header)
            tables.nodes[made].isDefined = true
            tables.append(table: made, toTables: key, in: table)
            return made
        case .table(let old) where !isArray:
            let node = tables.nodes[old]
            guard !node.isDefined && node.dottedSection == nil && node.style == .section else {
                throw duplicate(key, "table", of: entry)
            }
            tables.nodes[old].isDefined = true
            tables.nodes[old].span = header
            return old
        default: throw duplicate(key, "key", of: entry)
        }
    }

    /// The table below a component of a header that is not its last.
    private mutating func step(
        into key: TOMLKey, of table: Int, _ header: SourceSpan
    ) throws(Failure) -> Int {
        switch tables.entry(key, in: table)?.slot {
        case nil:
            let made = tables.makeTable(header)
            tables.add(.init(key: key, slot: .table(made), statement: nil), to: table)
            return made
        case .table(let next) where tables.nodes[next].style == .section: return next
        case .tables(let list): return list[list.count - 1]
        default: throw cannotExtend(key, in: table)
        }
    }

    // MARK: Entries

    /// `key = value`, in a section or in an inline table.
    mutating func parseEntry(in table: Int, isInline: Bool) throws(Failure) {
        let start = position
        let keys = try parseKeys()
        skipBlanks()
        guard peek == UInt8(ascii: "=") else {
            throw failure(
                "expected `=` behind the key", from: position, to: position,
                hint: "write `key = value`; a key with other characters than letters, digits, "
                    + "`-` and `_` needs quotes")
        }
        position += 1
        skipBlanks()
        let valueStart = position
        let value = try parseValue()
        let end = position
        var target = table
        do throws(Failure) {
            for key in keys.dropLast() { target = try dottedStep(into: key, of: target, isInline) }
            let key = keys[keys.count - 1]
            if let old = tables.entry(key, in: target) { throw duplicate(key, "key", of: old) }
            tables.add(
                .init(
                    key: key, slot: slot(value, span(valueStart, end)),
                    statement: span(start, end)), to: target)
        } catch {
            throw error
        }
    }

    private func slot(_ value: ParsedValue, _ span: SourceSpan) -> TOMLTables.Slot {
        switch value {
        case .table(let table): .table(table)
        case .content(let content): .value(TOMLValue(content: content, span: span))
        }
    }

    private mutating func dottedStep(
        into key: TOMLKey, of table: Int, _ isInline: Bool
    ) throws(Failure) -> Int {
        let section = sections.count
        switch tables.entry(key, in: table)?.slot {
        case nil:
            let made = tables.makeTable(key.span, style: isInline ? .inline : .section)
            tables.nodes[made].dottedSection = isInline ? nil : section
            // Inline tables take dotted keys until they close; `isDefined` says they have.
            tables.add(.init(key: key, slot: .table(made), statement: nil), to: table)
            return made
        case .table(let next):
            let node = tables.nodes[next]
            let isOpen = isInline ? !node.isDefined : node.style == .section && !node.isDefined
            guard isOpen && (node.dottedSection ?? section) == section else {
                throw cannotExtend(key, in: table)
            }
            if !isInline { tables.nodes[next].dottedSection = section }
            return next
        default: throw cannotExtend(key, in: table)
        }
    }

    private func duplicate(
        _ key: TOMLKey, _ what: String, of old: TOMLTables.Entry
    ) -> Failure {
        var failure = failure(
            "the \(what) `\(key.text)` is defined twice", from: Int(key.span.start),
            to: Int(key.span.end))
        failure.notes = [Diagnostic.Note(message: "first defined here", span: old.key.span)]
        return failure
    }

    private func cannotExtend(_ key: TOMLKey, in table: Int) -> Failure {
        var failure = failure(
            "cannot add to `\(key.text)`, which is complete", from: Int(key.span.start),
            to: Int(key.span.end))
        if let old = tables.entry(key, in: table) {
            failure.notes = [Diagnostic.Note(message: "defined here", span: old.key.span)]
        }
        return failure
    }
}

/// A value as read: tables are nodes, so that dotted keys can be told from complete tables.
enum ParsedValue {
    case content(TOMLValue.Content)
    case table(Int)
}

/// The offset of the first byte that is not part of a valid character; nil if all are.
func firstInvalidUTF8(_ bytes: [UInt8]) -> Int? {
    if String(validating: bytes, as: UTF8.self) != nil { return nil }
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var offset = 0
    while case .scalarValue(let scalar) = decoder.decode(&iterator) {
        offset += UTF8.width(scalar)
    }
    return min(offset, bytes.count - 1)
}
