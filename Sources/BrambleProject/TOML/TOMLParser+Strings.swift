import SourceDiagnostics

/// The four kinds of strings.
extension TOMLParser {
    mutating func parseBasicString() throws(Failure) -> String {
        let start = position
        position += 1
        var text: [UInt8] = []
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try parseEscape(into: &text)
            case newline, UInt8(ascii: "\r"): throw notClosed(start, "\"")
            default:
                if isControl(byte) { throw controlCharacter() }
                text.append(byte)
                position += 1
            }
        }
        throw notClosed(start, "\"")
    }

    mutating func parseLiteralString() throws(Failure) -> String {
        let start = position
        position += 1
        while let byte = peek, byte != newline, byte != UInt8(ascii: "\r") {
            if byte == UInt8(ascii: "'") {
                position += 1
                return String(decoding: bytes[(start + 1)..<(position - 1)], as: UTF8.self)
            }
            if isControl(byte) { throw controlCharacter() }
            position += 1
        }
        throw notClosed(start, "'")
    }

    /// A string in three quotes. Line ends become line feeds; one right behind the quotes is left out.
    mutating func parseMultilineString(quote: UInt8) throws(Failure) -> String {
        let start = position
        position += 3
        _ = skipNewline()
        var text: [UInt8] = []
        while let byte = peek {
            if byte == quote, startsWithThree(quote) {
                position += 3
                // Up to two quotes may stand right before the closing three.
                for _ in 0..<2 where peek == quote {
                    text.append(quote)
                    position += 1
                }
                return String(decoding: text, as: UTF8.self)
            }
            if skipNewline() {
                text.append(newline)
            } else if byte == UInt8(ascii: "\\") && quote == UInt8(ascii: "\"") {
                if !skipLineContinuation() { try parseEscape(into: &text) }
            } else {
                if isControl(byte) { throw controlCharacter() }
                text.append(byte)
                position += 1
            }
        }
        throw notClosed(start, String(repeating: quote == UInt8(ascii: "'") ? "'" : "\"", count: 3))
    }

    func startsWithThree(_ quote: UInt8) -> Bool {
        position + 2 < bytes.count && bytes[position] == quote && bytes[position + 1] == quote
            && bytes[position + 2] == quote
    }

    /// A backslash at the end of a line takes away all white space up to the next character.
    private mutating func skipLineContinuation() -> Bool {
        let start = position
        position += 1
        skipBlanks()
        guard skipNewline() else {
            position = start
            return false
        }
        repeat { skipBlanks() } while skipNewline()
        return true
    }

    private mutating func parseEscape(into text: inout [UInt8]) throws(Failure) {
        let start = position
        position += 1
        let byte = peek
        position += 1
        switch byte {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): text.append(bytes[position - 1])
        case UInt8(ascii: "u"): try parseScalar(digits: 4, start, into: &text)
        case UInt8(ascii: "U"): try parseScalar(digits: 8, start, into: &text)
        default:
            let end = min(position, bytes.count)
            position = start + 1
            throw failure(
                "an unknown escape sequence", from: start, to: end,
                hint: "write `\\\\` for a backslash, or put the string in single quotes")
        }
    }

    private mutating func parseScalar(
        digits: Int, _ start: Int, into text: inout [UInt8]
    ) throws(Failure) {
        let end = position + digits
        var scalar: Unicode.Scalar?
        if end <= bytes.count, bytes[position..<end].allSatisfy(isHexadecimalDigit) {
            let digits = String(decoding: bytes[position..<end], as: UTF8.self)
            scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init)
        }
        guard let scalar else {
            throw failure(
                "the escape sequence is not the number of a character", from: start,
                to: min(end, bytes.count),
                hint: "write `\\u` and four hexadecimal digits, or `\\U` and eight")
        }
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        position = end
    }

    private func notClosed(_ start: Int, _ quote: String) -> Failure {
        failure(
            "the string is not closed", from: start, to: position,
            hint: "put `\(quote)` at its end")
    }
}

func isHexadecimalDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
        UInt8(ascii: "A")...UInt8(ascii: "F"):
        true
    default: false
    }
}
