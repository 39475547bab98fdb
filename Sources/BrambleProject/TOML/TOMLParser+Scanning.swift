import SourceDiagnostics

let newline = UInt8(ascii: "\n")

/// Characters, blanks, comments and keys.
extension TOMLParser {
    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    func span(_ start: Int, _ end: Int) -> SourceSpan {
        SourceSpan(start: UInt32(start), end: UInt32(max(start, end)))
    }

    func failure(
        _ message: String, from start: Int, to end: Int, hint: String? = nil
    ) -> Failure {
        Failure(message: message, start: start, end: end, hint: hint)
    }

    mutating func skipBlanks() {
        while let byte = peek, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
            position += 1
        }
    }

    /// Whether there was a line end.
    mutating func skipNewline() -> Bool {
        if peek == newline {
            position += 1
            return true
        }
        if peek == UInt8(ascii: "\r"), position + 1 < bytes.count, bytes[position + 1] == newline {
            position += 2
            return true
        }
        return false
    }

    mutating func skipComment() throws(Failure) {
        guard peek == UInt8(ascii: "#") else { return }
        while let byte = peek, byte != newline {
            if byte == UInt8(ascii: "\r"), position + 1 < bytes.count,
                bytes[position + 1] == newline
            {
                return
            }
            if isControl(byte) { throw controlCharacter() }
            position += 1
        }
    }

    /// Blanks, line ends and comments, as they may stand in an array.
    mutating func skipSpace() throws(Failure) {
        while true {
            skipBlanks()
            try skipComment()
            if !skipNewline() { return }
        }
    }

    func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != UInt8(ascii: "\t") || byte == 0x7F
    }

    func controlCharacter() -> Failure {
        failure(
            "a control character", from: position, to: position + 1,
            hint: "in a string in double quotes, write it as `\\u00XX`")
    }

    // MARK: Keys

    /// The components of a key, at least one.
    mutating func parseKeys() throws(Failure) -> [TOMLKey] {
        var keys = [try parseKey()]
        while true {
            let end = position
            skipBlanks()
            guard peek == UInt8(ascii: ".") else {
                position = end
                return keys
            }
            guard keys.count < TOMLParser.maximumDepth else {
                throw failure("the key has too many parts", from: position, to: position + 1)
            }
            position += 1
            skipBlanks()
            keys.append(try parseKey())
        }
    }

    private mutating func parseKey() throws(Failure) -> TOMLKey {
        let start = position
        switch peek {
        case UInt8(ascii: "\""):
            return TOMLKey(text: try parseBasicString(), span: span(start, position))
        case UInt8(ascii: "'"):
            return TOMLKey(text: try parseLiteralString(), span: span(start, position))
        default: break
        }
        while let byte = peek, isBareKey(byte) { position += 1 }
        guard position > start else {
            throw failure(
                "expected a key", from: position, to: min(position + 1, bytes.count),
                hint: "a key with other characters than letters, digits, `-` and `_` needs quotes")
        }
        return TOMLKey(
            text: String(decoding: bytes[start..<position], as: UTF8.self),
            span: span(start, position))
    }
}

/// Whether a byte may stand in a key without quotes.
func isBareKey(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
    default: false
    }
}
