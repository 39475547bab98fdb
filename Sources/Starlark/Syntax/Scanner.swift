import SourceDiagnostics

/// Splits a source text into tokens, one at a time.
///
/// The scanner holds the current token; `advance` replaces it. Positions are byte offsets. The text
/// is valid UTF-8: `Parser` has made sure of it.
///
/// Safety of the pointer: `Parser` makes the scanner inside `withUnsafeBufferPointer` and drops it
/// there. Every read is guarded by a comparison with `end`.
struct Scanner: ~Copyable {
    let base: UnsafePointer<UInt8>
    /// One past the last byte.
    let end: Int

    /// The offset of the first byte that is not scanned: the end of the current token.
    var position = 0
    var token = Token.endOfFile
    var tokenStart = 0
    /// Where the token before the current one ends.
    var previousEnd = 0
    /// What the token holds: the symbol of a name, string or big integer; else the value's low
    /// half.
    var value: UInt32 = 0
    /// The high half of an int's value or a float's bits.
    var valueHigh: UInt32 = 0

    /// The offsets of the brackets that are open; line ends mean nothing inside brackets.
    var openBrackets: [Int] = []
    /// How many they are.
    var bracketDepth = 0
    var isAtLineStart = true
    /// Indent (positive) or outdent (negative) tokens that are still to be delivered.
    var pendingDents = 0
    /// The widths of the open blocks' indentations; the first is the file's, 0.
    var indentation: [Int] = [0]

    var symbols: SymbolInterner
    var comments: [SourceSpan] = []
    var report: ErrorReport
    /// Decoded bytes of a string literal with escapes.
    var decoded: [UInt8] = []
    /// Whether the last line is to be continued.
    var endsInContinuation = false
    /// Where the last string literal that was not closed ends.
    var lastOpenStringEnd: Int?

    init(text: UnsafeBufferPointer<UInt8>, base: UnsafePointer<UInt8>, file: SourceFile) {
        self.base = base
        end = text.count
        symbols = SymbolInterner(fileSize: text.count)
        report = ErrorReport(file: file)
        if end >= 3 && base[0] == 0xEF && base[1] == 0xBB && base[2] == 0xBF {
            position = 3
            previousEnd = 3
        }
    }

    /// The byte at an offset, 0 at and after the end.
    @inline(__always)
    func byte(at offset: Int) -> UInt8 {
        offset < end ? base[offset] : 0
    }

    /// Makes the next token the current one.
    @inline(__always)
    mutating func advance() throws(SyntaxFailure) {
        previousEnd = position
        if isAtLineStart || pendingDents != 0 {
            if try scanIndentation() { return }
        }
        try scanToken()
    }

    // MARK: Tokens

    @inline(never)
    private mutating func scanToken() throws(SyntaxFailure) {
        while position < end {
            let byte = base[position]
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"):
                position &+= 1
                continue
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "_"):
                return try scanWord(byte)
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                tokenStart = position
                return try scanString(isRaw: false, isBytes: false)
            case UInt8(ascii: ","):
                return finish(.comma, length: 1)
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                if bracketDepth > 0 {
                    position &+= 1
                    continue
                }
                tokenStart = position
                token = .newline
                position = lineEnd(at: position)
                isAtLineStart = true
                return
            case UInt8(ascii: "#"):
                scanComment()
                continue
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                return scanNumber()
            case UInt8(ascii: "\\"):
                try scanContinuation()
                continue
            default:
                return try scanPunctuation(byte)
            }
        }
        scanEnd()
    }

    /// The end of the file closes the last line and all blocks.
    private mutating func scanEnd() {
        tokenStart = end
        if indentation.count > 1 && bracketDepth == 0 {
            token = .newline
            isAtLineStart = true
        } else {
            token = .endOfFile
        }
    }

    /// Marks the current token as one that the scanner has reported.
    mutating func failure() -> SyntaxFailure {
        token = .invalid
        return SyntaxFailure()
    }

    @inline(__always)
    mutating func finish(_ token: Token, length: Int) {
        self.token = token
        tokenStart = position
        position &+= length
    }

    /// The offset after the line end at `offset`: a line feed, a carriage return, or both.
    @inline(__always)
    func lineEnd(at offset: Int) -> Int {
        base[offset] == UInt8(ascii: "\r") && byte(at: offset &+ 1) == UInt8(ascii: "\n")
            ? offset &+ 2 : offset &+ 1
    }

    mutating func scanComment() {
        let start = position
        var offset = position
        while offset < end {
            let byte = base[offset]
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
            offset &+= 1
        }
        position = offset
        comments.append(SourceSpan(start..<offset))
    }

    /// A backslash at the end of a line joins the next one to it.
    private mutating func scanContinuation() throws(SyntaxFailure) {
        let next = byte(at: position &+ 1)
        guard next == UInt8(ascii: "\n") || next == UInt8(ascii: "\r") else {
            report.add(
                "stray backslash in program", position..<position &+ 1,
                hint: "a backslash may only stand at the end of a line, to continue it",
                isIncomplete: position &+ 1 == end)
            position &+= 1
            throw failure()
        }
        position = lineEnd(at: position &+ 1)
        if position == end { endsInContinuation = true }
    }

    // MARK: Words

    /// A name, a keyword, or the prefix of a string literal.
    @inline(__always)
    private mutating func scanWord(_ first: UInt8) throws(SyntaxFailure) {
        tokenStart = position
        var offset = position &+ 1
        while offset < end && isWordByte(base[offset]) { offset &+= 1 }
        if offset < end {
            let next = base[offset]
            if next >= 0x80 {
                return try scanUnicodeWord()
            }
            if offset &- position <= 2 && (next == UInt8(ascii: "\"") || next == UInt8(ascii: "'")),
                try scanPrefixedString(prefixEnd: offset)
            {
                return
            }
        }
        finishWord(end: offset)
    }

    @inline(__always)
    mutating func finishWord(end offset: Int) {
        let symbol = symbols.intern(base + tokenStart, count: offset &- tokenStart)
        position = offset
        value = symbol
        token = symbol <= Token.lastKeywordSymbol ? Token.keyword(symbol) : .identifier
    }

    /// Letters, digits and the underscore, as two masks of 64 bits; false for non-ASCII bytes.
    @inline(__always)
    func isWordByte(_ byte: UInt8) -> Bool {
        let mask: UInt64 = byte < 64 ? 0x03FF_0000_0000_0000 : 0x07FF_FFFE_87FF_FFFE
        return byte < 0x80 && (mask >> (UInt64(byte) & 63)) & 1 != 0
    }

    /// Scans a string with the prefix `r`, `b`, `rb` or `br`; false if the word is no prefix.
    private mutating func scanPrefixedString(prefixEnd: Int) throws(SyntaxFailure) -> Bool {
        let first = base[tokenStart]
        let second = prefixEnd &- tokenStart == 2 ? base[tokenStart &+ 1] : 0
        let isRaw = first == UInt8(ascii: "r") || second == UInt8(ascii: "r")
        let isBytes = first == UInt8(ascii: "b") || second == UInt8(ascii: "b")
        guard isRaw || isBytes, second == 0 || (isRaw && isBytes) else { return false }
        position = prefixEnd
        try scanString(isRaw: isRaw, isBytes: isBytes)
        return true
    }
}
