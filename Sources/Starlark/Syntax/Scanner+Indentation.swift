import SourceDiagnostics

extension Scanner {
    /// Skips blank lines, measures the indentation of the next line and delivers indent and outdent
    /// tokens; returns false once there are none left and a token of the line proper is next.
    @inline(never)
    mutating func scanIndentation() throws(SyntaxFailure) -> Bool {
        if isAtLineStart {
            isAtLineStart = false
            let width = skipBlankLines()
            try openOrCloseBlocks(width: width)
        }
        if pendingDents == 0 { return false }
        tokenStart = position
        if pendingDents > 0 {
            pendingDents -= 1
            token = .indent
        } else {
            pendingDents += 1
            token = .outdent
        }
        return true
    }

    /// Moves to the first byte that is neither white space nor in a comment, and returns how far
    /// its line is indented. A tab reaches to the next multiple of 8; at the end of the file it is
    /// 0.
    private mutating func skipBlankLines() -> Int {
        var width = 0
        while position < end {
            switch base[position] {
            case UInt8(ascii: " "):
                width &+= 1
                position &+= 1
            case UInt8(ascii: "\t"):
                width = (width | 7) &+ 1
                position &+= 1
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                width = 0
                position &+= 1
            case UInt8(ascii: "#"):
                scanComment()
            default:
                return width
            }
        }
        return 0
    }

    /// Compares an indentation with those of the open blocks. One that fits none of them is
    /// reported, and then becomes that of the innermost block it could belong to.
    private mutating func openOrCloseBlocks(width: Int) throws(SyntaxFailure) {
        let current = indentation[indentation.count - 1]
        if width == current { return }
        if width > current {
            indentation.append(width)
            pendingDents += 1
            return
        }
        while width < indentation[indentation.count - 1] {
            indentation.removeLast()
            pendingDents -= 1
        }
        if width > indentation[indentation.count - 1] {
            report.add(
                "unindent does not match any outer indentation level", position..<position + 1,
                hint: "indent the line as far as the statement that it follows")
            indentation.append(width)
            pendingDents += 1
        }
    }

    // MARK: Recovery

    /// Drops everything up to a line that starts a statement of the current block or an outer one.
    ///
    /// For errors inside brackets, where counting brackets can't be trusted: indentation can. The
    /// search begins with the line of the error itself, if it isn't that of the statement's start.
    mutating func skipToStatement(from statementStart: Int) {
        report.isSilent = true
        defer { report.isSilent = false }
        closeBrackets()
        pendingDents = 0
        isAtLineStart = true
        let errorLine = lineStart(before: min(max(tokenStart, statementStart), position))
        var isInLine = errorLine <= statementStart
        if !isInLine { position = errorLine }
        while position < end {
            if isInLine { skipLine() }
            isInLine = true
            let lineStart = position
            let width = skipBlankLines()
            guard position < end else { return }
            if !isClosing(base[position]) && indentation.contains(width) {
                position = lineStart
                dropComments(from: lineStart)
                return
            }
        }
    }

    func lineStart(before offset: Int) -> Int {
        var offset = offset
        while offset > 0, base[offset - 1] != UInt8(ascii: "\n"),
            base[offset - 1] != UInt8(ascii: "\r")
        {
            offset -= 1
        }
        return offset
    }

    private mutating func closeBrackets() {
        bracketDepth = 0
        openBrackets.removeAll(keepingCapacity: true)
    }

    /// Moves behind the next line end.
    private mutating func skipLine() {
        while position < end {
            let byte = base[position]
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                position = lineEnd(at: position)
                return
            }
            position &+= 1
        }
    }

    private func isClosing(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ")") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
    }

    /// Forgets the comments from an offset on, as they are about to be scanned again.
    mutating func dropComments(from offset: Int) {
        while let last = comments.last, Int(last.start) >= offset { comments.removeLast() }
    }

    /// Ends the file here.
    mutating func stop() {
        position = end
        previousEnd = end
        tokenStart = end
        closeBrackets()
        pendingDents = 0
        isAtLineStart = false
        indentation = [0]
        token = .endOfFile
    }
}
