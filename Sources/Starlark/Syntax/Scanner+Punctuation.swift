extension Scanner {
    /// Operators, brackets and delimiters, and whatever starts no token at all.
    @inline(__always)
    mutating func scanPunctuation(_ byte: UInt8) throws(SyntaxFailure) {
        switch byte {
        case UInt8(ascii: "("): open(.leftParenthesis)
        case UInt8(ascii: "["): open(.leftBracket)
        case UInt8(ascii: "{"): open(.leftBrace)
        case UInt8(ascii: ")"): try close(.rightParenthesis)
        case UInt8(ascii: "]"): try close(.rightBracket)
        case UInt8(ascii: "}"): try close(.rightBrace)
        case UInt8(ascii: ":"): finish(.colon, length: 1)
        case UInt8(ascii: "="): finishOperator(.assign, ifAssign: .equal)
        case UInt8(ascii: "."):
            if isDigit(self.byte(at: position &+ 1)) {
                scanNumber()
            } else {
                finish(.dot, length: 1)
            }
        case UInt8(ascii: "+"): finishOperator(.plus, ifAssign: .plusAssign)
        case UInt8(ascii: "-"): finishOperator(.minus, ifAssign: .minusAssign)
        case UInt8(ascii: "%"): finishOperator(.modulo, ifAssign: .moduloAssign)
        default: try scanRarePunctuation(byte)
        }
    }

    @inline(never)
    private mutating func scanRarePunctuation(_ byte: UInt8) throws(SyntaxFailure) {
        let next = self.byte(at: position &+ 1)
        switch byte {
        case UInt8(ascii: "*"):
            if next == byte {
                finish(.power, length: 2)
            } else {
                finishOperator(.times, ifAssign: .timesAssign)
            }
        case UInt8(ascii: "/"):
            if next == byte {
                finishDouble(.floorDivide, ifAssign: .floorDivideAssign)
            } else {
                finishOperator(.divide, ifAssign: .divideAssign)
            }
        case UInt8(ascii: "<"):
            if next == byte {
                finishDouble(.shiftLeft, ifAssign: .shiftLeftAssign)
            } else {
                finishOperator(.less, ifAssign: .lessOrEqual)
            }
        case UInt8(ascii: ">"):
            if next == byte {
                finishDouble(.shiftRight, ifAssign: .shiftRightAssign)
            } else {
                finishOperator(.greater, ifAssign: .greaterOrEqual)
            }
        case UInt8(ascii: "&"): finishOperator(.bitAnd, ifAssign: .bitAndAssign)
        case UInt8(ascii: "|"): finishOperator(.bitOr, ifAssign: .bitOrAssign)
        case UInt8(ascii: "^"): finishOperator(.bitXor, ifAssign: .bitXorAssign)
        case UInt8(ascii: "~"): finish(.tilde, length: 1)
        case UInt8(ascii: ";"): finish(.semicolon, length: 1)
        case UInt8(ascii: "!") where next == UInt8(ascii: "="): finish(.notEqual, length: 2)
        case 0x80...: try scanUnicodeWord()
        default: try refuseCharacter(at: position)
        }
    }

    /// An operator of one byte, unless an equals sign follows it.
    @inline(__always)
    private mutating func finishOperator(_ token: Token, ifAssign assigning: Token) {
        if byte(at: position &+ 1) == UInt8(ascii: "=") {
            finish(assigning, length: 2)
        } else {
            finish(token, length: 1)
        }
    }

    private mutating func finishDouble(_ token: Token, ifAssign assigning: Token) {
        if byte(at: position &+ 2) == UInt8(ascii: "=") {
            finish(assigning, length: 3)
        } else {
            finish(token, length: 2)
        }
    }

    @inline(__always)
    private mutating func open(_ token: Token) {
        bracketDepth &+= 1
        openBrackets.append(position)
        finish(token, length: 1)
    }

    @inline(__always)
    private mutating func close(_ token: Token) throws(SyntaxFailure) {
        guard bracketDepth > 0 else {
            report.add("unexpected '\(token.spelling)'", position..<position &+ 1)
            position &+= 1
            throw failure()
        }
        let opening = openBrackets.removeLast()
        bracketDepth &-= 1
        // In ASCII, the closing bracket comes one behind the opening one, or two.
        guard base[position] &- base[opening] <= 2 else { throw refuseBracket(opening, token) }
        finish(token, length: 1)
    }

    @inline(never)
    private mutating func refuseBracket(_ opening: Int, _ token: Token) -> SyntaxFailure {
        let wanted =
            switch base[opening] {
            case UInt8(ascii: "("): Token.rightParenthesis
            case UInt8(ascii: "["): Token.rightBracket
            default: Token.rightBrace
            }
        report.add(
            "got \(token.description), want \(wanted.description)", position..<position + 1,
            note: ("the bracket that is open", opening..<opening + 1))
        position += 1
        return failure()
    }

    // MARK: Beyond ASCII

    /// A name with letters outside ASCII.
    @inline(never)
    mutating func scanUnicodeWord() throws(SyntaxFailure) {
        tokenStart = position
        var offset = position
        while offset < end {
            if isWordByte(base[offset]) {
                offset &+= 1
                continue
            }
            guard base[offset] >= 0x80 else { break }
            let (scalar, length) = decodeScalar(at: offset)
            guard isLetter(scalar) else {
                if offset == tokenStart { try refuseCharacter(at: offset) }
                break
            }
            offset &+= length
        }
        finishWord(end: offset)
    }

    private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            true
        default:
            false
        }
    }

    /// The scalar at an offset and its length in bytes; the text is known to be valid UTF-8.
    func decodeScalar(at offset: Int) -> (Unicode.Scalar, Int) {
        let first = base[offset]
        let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var value = length == 1 ? UInt32(first) : UInt32(first) & (0x7F >> UInt32(length))
        for index in 1..<max(length, 1) {
            value = value << 6 | UInt32(byte(at: offset &+ index)) & 0x3F
        }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
    }

    private mutating func refuseCharacter(at offset: Int) throws(SyntaxFailure) {
        let (scalar, length) = decodeScalar(at: offset)
        position = offset + length
        // There may be millions in a line, of which one is reported.
        if !report.isSilent {
            let shown = Scanner.visible(scalar)
            report.add("unexpected input character \(shown)", offset..<offset + length)
        }
        throw failure()
    }

    /// A character in quotes, or its code point if it can't be seen.
    static func visible(_ scalar: Unicode.Scalar) -> String {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator, .spaceSeparator:
            let digits = String(scalar.value, radix: 16, uppercase: true)
            return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        default:
            return "'\(scalar)'"
        }
    }
}
