import SourceDiagnostics

/// Values: what stands behind `=`.
extension TOMLParser {
    mutating func parseValue() throws(Failure) -> ParsedValue {
        switch peek {
        case UInt8(ascii: "\""):
            if startsWithThree(UInt8(ascii: "\"")) {
                return .content(.string(try parseMultilineString(quote: UInt8(ascii: "\""))))
            }
            return .content(.string(try parseBasicString()))
        case UInt8(ascii: "'"):
            if startsWithThree(UInt8(ascii: "'")) {
                return .content(.string(try parseMultilineString(quote: UInt8(ascii: "'"))))
            }
            return .content(.string(try parseLiteralString()))
        case UInt8(ascii: "["): return .content(.array(try parseArray()))
        case UInt8(ascii: "{"): return .table(try parseInlineTable())
        default: return .content(try parseScalarValue())
        }
    }

    private mutating func enter() throws(Failure) {
        depth += 1
        if depth > TOMLParser.maximumDepth {
            throw failure(
                "values nest deeper than \(TOMLParser.maximumDepth)", from: position,
                to: position + 1)
        }
    }

    private mutating func parseArray() throws(Failure) -> [TOMLValue] {
        let start = position
        try enter()
        defer { depth -= 1 }
        position += 1
        var values: [TOMLValue] = []
        while true {
            try skipSpace()
            if peek == UInt8(ascii: "]") { break }
            guard peek != nil else { throw notClosed("array", start, "]") }
            let valueStart = position
            let value = try parseValue()
            let place = span(valueStart, position)
            switch value {
            case .content(let content): values.append(TOMLValue(content: content, span: place))
            case .table(let table):
                values.append(TOMLValue(content: .table(tables.freeze(table)), span: place))
            }
            try skipSpace()
            if peek == UInt8(ascii: "]") { break }
            guard peek == UInt8(ascii: ",") else {
                throw peek == nil
                    ? notClosed("array", start, "]")
                    : failure(
                        "expected `,` or `]` in the array", from: position, to: position + 1)
            }
            position += 1
        }
        position += 1
        return values
    }

    private mutating func parseInlineTable() throws(Failure) -> Int {
        let start = position
        try enter()
        defer { depth -= 1 }
        position += 1
        let table = tables.makeTable(span(start, start), style: .inline)
        skipBlanks()
        if peek != UInt8(ascii: "}") {
            while true {
                skipBlanks()
                guard peek != nil && peek != newline else {
                    throw notClosed("inline table", start, "}")
                }
                try parseEntry(in: table, isInline: true)
                skipBlanks()
                if peek == UInt8(ascii: "}") { break }
                guard peek == UInt8(ascii: ",") else {
                    throw failure(
                        "expected `,` or `}` in the inline table", from: position,
                        to: min(position + 1, bytes.count),
                        hint: "an inline table stands on one line")
                }
                position += 1
            }
        }
        position += 1
        close(table, span(start, position))
        return table
    }

    /// Nothing can be added to an inline table any more, nor to what dotted keys made in it.
    private mutating func close(_ table: Int, _ span: SourceSpan) {
        tables.nodes[table].span = span
        tables.nodes[table].isDefined = true
        for entry in tables.nodes[table].entries {
            guard case .table(let inner) = entry.slot, !tables.nodes[inner].isDefined else {
                continue
            }
            close(inner, tables.nodes[inner].span)
        }
    }

    private func notClosed(_ what: String, _ start: Int, _ bracket: String) -> Failure {
        failure(
            "the \(what) is not closed", from: start, to: start + 1,
            hint: "put `\(bracket)` at its end")
    }

    // MARK: Words

    private mutating func parseScalarValue() throws(Failure) -> TOMLValue.Content {
        let start = position
        while let byte = peek, isWord(byte) { position += 1 }
        var word = String(decoding: bytes[start..<position], as: UTF8.self)
        if TOMLWords.isDate(word), position + 2 < bytes.count, peek == UInt8(ascii: " "),
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position + 1])
        {
            position += 1
            while let byte = peek, isWord(byte) { position += 1 }
            word = String(decoding: bytes[start..<position], as: UTF8.self)
        }
        if let content = TOMLWords.content(word) { return content }
        guard position > start else {
            throw failure(
                "expected a value", from: position, to: min(position + 1, bytes.count),
                hint: "a text needs quotes, as in `\"text\"`")
        }
        throw failure(
            "`\(word)` is not a value", from: start, to: position,
            hint: TOMLWords.hint(word) ?? "a text needs quotes: `\"\(word)\"`")
    }

    private func isWord(_ byte: UInt8) -> Bool {
        isBareKey(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: ":")
    }
}
