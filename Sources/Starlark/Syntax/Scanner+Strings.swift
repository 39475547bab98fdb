extension Scanner {
    /// A string or bytes literal whose opening quote is at `position`; `tokenStart` is set already.
    @inline(__always)
    mutating func scanString(isRaw: Bool, isBytes: Bool) throws(SyntaxFailure) {
        let quote = base[position]
        let content = position &+ 1
        var offset = content
        // The common case: one line, no backslash, and no third quote after two.
        while offset < end {
            let byte = base[offset]
            if byte == quote {
                if offset == content && self.byte(at: offset &+ 1) == quote { break }
                token = isBytes ? .bytes : .string
                value = symbols.intern(base + content, count: offset &- content)
                position = offset &+ 1
                return
            }
            if byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\n")
                || byte == UInt8(ascii: "\r")
            {
                break
            }
            offset &+= 1
        }
        try scanLongString(StringShape(quote: quote, isRaw: isRaw, isBytes: isBytes))
    }

    /// The form of a literal, apart from its content.
    struct StringShape {
        var quote: UInt8
        var isRaw: Bool
        var isBytes: Bool
        var isTriple = false
    }

    /// A literal with a backslash or a line end inside, or in triple quotes.
    @inline(never)
    private mutating func scanLongString(_ shape: StringShape) throws(SyntaxFailure) {
        var shape = shape
        let quote = shape.quote
        shape.isTriple = byte(at: position &+ 1) == quote && byte(at: position &+ 2) == quote
        let content = position &+ (shape.isTriple ? 3 : 1)
        var needsDecoding = false
        var offset = content
        while offset < end {
            let byte = base[offset]
            if byte == quote {
                if !shape.isTriple { break }
                if self.byte(at: offset &+ 1) == quote && self.byte(at: offset &+ 2) == quote {
                    break
                }
            } else if byte == UInt8(ascii: "\\") {
                needsDecoding = needsDecoding || !shape.isRaw
                // The escaped character can't end the literal; a carriage return is looked at
                // again.
                if self.byte(at: offset &+ 1) != UInt8(ascii: "\r") {
                    offset &+= 1
                } else {
                    needsDecoding = true
                    offset = lineEnd(at: offset &+ 1) &- 1
                }
            } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                if !shape.isTriple { try refuseOpenString(end: offset, isEndOfFile: false) }
                needsDecoding = needsDecoding || byte == UInt8(ascii: "\r")
            }
            offset &+= 1
        }
        if offset >= end { try refuseOpenString(end: end, isEndOfFile: true, shape: shape) }
        position = offset &+ (shape.isTriple ? 3 : 1)
        token = shape.isBytes ? .bytes : .string
        if needsDecoding {
            decode(content..<offset, shape)
            value = symbols.intern(decoded)
        } else {
            value = symbols.intern(base + content, count: offset &- content)
        }
    }

    private mutating func refuseOpenString(
        end offset: Int, isEndOfFile: Bool, shape: StringShape? = nil
    ) throws(SyntaxFailure) {
        let isTriple = shape?.isTriple == true
        // The closing quotes of a literal that was meant to span two lines open another one on the
        // second: that is not worth a message of its own.
        let isEcho = isOnLine(after: lastOpenStringEnd)
        if !isEcho {
            if isEndOfFile {
                // A literal in single quotes could go on only behind a backslash at a line's end.
                let last = base[offset - 1]
                let isContinued = last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r")
                report.add(
                    "unexpected end of file in string",
                    tokenStart..<min(position + (isTriple ? 3 : 1), end),
                    hint: "close the literal with the quotes it starts with",
                    isIncomplete: isTriple || isContinued)
            } else {
                report.add(
                    "unexpected newline in string", tokenStart..<offset,
                    hint: "close the literal, or use triple quotes for text of several lines")
            }
        }
        lastOpenStringEnd = isEcho ? nil : offset
        position = offset
        throw failure()
    }

    /// Whether the current token starts on the line that follows the line end at an offset.
    private func isOnLine(after offset: Int?) -> Bool {
        guard let offset, offset < tokenStart else { return false }
        return !(lineEnd(at: offset)..<max(tokenStart, lineEnd(at: offset))).contains {
            base[$0] == UInt8(ascii: "\n") || base[$0] == UInt8(ascii: "\r")
        }
    }

    // MARK: Escapes

    /// Writes what a literal's content denotes to `decoded`. Mistakes are reported and left out.
    private mutating func decode(_ content: Range<Int>, _ shape: StringShape) {
        decoded.removeAll(keepingCapacity: true)
        var offset = content.lowerBound
        while offset < content.upperBound {
            let byte = base[offset]
            if byte == UInt8(ascii: "\r") {
                decoded.append(UInt8(ascii: "\n"))
                offset = lineEnd(at: offset)
            } else if byte == UInt8(ascii: "\\") && !shape.isRaw {
                offset = decodeEscape(at: offset, limit: content.upperBound, shape)
            } else {
                decoded.append(byte)
                offset &+= 1
            }
        }
    }

    /// Decodes the escape sequence at an offset and returns where it ends.
    private mutating func decodeEscape(at start: Int, limit: Int, _ shape: StringShape) -> Int {
        let letter = byte(at: start + 1)
        let simple: UInt8
        switch letter {
        case UInt8(ascii: "n"): simple = 10
        case UInt8(ascii: "t"): simple = 9
        case UInt8(ascii: "r"): simple = 13
        case UInt8(ascii: "a"): simple = 7
        case UInt8(ascii: "b"): simple = 8
        case UInt8(ascii: "f"): simple = 12
        case UInt8(ascii: "v"): simple = 11
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): simple = letter
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return lineEnd(at: start + 1)
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            return decodeOctal(at: start, limit: limit, shape)
        case UInt8(ascii: "x"): return decodeHex(at: start, digits: 2, limit: limit, shape)
        case UInt8(ascii: "u"): return decodeHex(at: start, digits: 4, limit: limit, shape)
        case UInt8(ascii: "U"): return decodeHex(at: start, digits: 8, limit: limit, shape)
        default: return refuseEscape(at: start)
        }
        decoded.append(simple)
        return start + 2
    }

    private mutating func refuseEscape(at start: Int) -> Int {
        let (scalar, length) = decodeScalar(at: start + 1)
        let range = start..<start + 1 + length
        report.add(
            "invalid escape sequence \\\(scalar)", range,
            hint: "write `\\\\` for a backslash, or put an `r` in front of the literal")
        return range.upperBound
    }

    /// A backslash and one to three octal digits.
    private mutating func decodeOctal(at start: Int, limit: Int, _ shape: StringShape) -> Int {
        var number: UInt32 = 0
        var offset = start + 1
        while offset < min(limit, start + 4), base[offset] & 0xF8 == UInt8(ascii: "0") {
            number = number * 8 + UInt32(base[offset] & 7)
            offset += 1
        }
        appendByte(number, of: start..<offset, kind: "octal", shape)
        return offset
    }

    /// A byte (2 digits) or a code point (4 or 8 digits) in hexadecimal.
    private mutating func decodeHex(
        at start: Int, digits: Int, limit: Int, _ shape: StringShape
    ) -> Int {
        var number: UInt32 = 0
        var offset = start + 2
        let digitsEnd = min(limit, offset + digits)
        while offset < digitsEnd, let digit = hexDigit(base[offset]) {
            number = number << 4 | digit
            offset += 1
        }
        if offset < start + 2 + digits {
            // As other implementations say it: cut short by the literal's end, or by a wrong digit.
            let isTruncated = offset == limit
            let shownEnd = isTruncated ? offset : offset + decodeScalar(at: offset).1
            let range = start..<shownEnd
            report.add(
                "\(isTruncated ? "truncated" : "invalid") escape sequence \(text(range))", range,
                hint: "it takes exactly \(digits) hexadecimal digits")
            return offset
        }
        let range = start..<offset
        if digits == 2 {
            appendByte(number, of: range, kind: "hex", shape)
        } else {
            appendScalar(number, of: range)
        }
        return offset
    }

    private func hexDigit(_ byte: UInt8) -> UInt32? {
        if isDigit(byte) { return UInt32(byte & 15) }
        let letter = byte | 0x20
        guard letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "f") else { return nil }
        return UInt32(letter - 87)
    }

    private mutating func appendByte(
        _ number: UInt32, of range: Range<Int>, kind: String, _ shape: StringShape
    ) {
        if number > 127 && !shape.isBytes {
            let digits = String(number, radix: 16, uppercase: true)
            let padded = String(repeating: "0", count: 4 - digits.count) + digits
            report.add(
                "non-ASCII \(kind) escape \(text(range))", range,
                hint: "use `\\u\(padded)` for U+\(padded), or a bytes literal for the byte")
        } else if number > 255 {
            report.add(
                "invalid escape sequence \(text(range))", range,
                hint: "the largest octal escape is \\377")
        } else {
            decoded.append(UInt8(truncatingIfNeeded: number))
        }
    }

    private mutating func appendScalar(_ number: UInt32, of range: Range<Int>) {
        if let scalar = Unicode.Scalar(number) {
            decoded.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        } else if number > 0x10FFFF {
            report.add(
                "code point out of range: \(text(range))", range,
                hint: "the largest code point is \\U0010FFFF")
        } else {
            let digits = String(number, radix: 16, uppercase: true)
            report.add(
                "invalid Unicode code point U+\(digits)", range,
                hint: "surrogates are not characters: write the character that a pair encodes")
        }
    }
}
