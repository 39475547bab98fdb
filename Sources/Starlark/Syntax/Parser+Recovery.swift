extension Parser {
    /// Makes the first token the current one.
    mutating func startTokens() {
        advanceOrRecover()
    }

    /// Moves on outside a statement.
    mutating func advanceOrRecover() {
        do throws(SyntaxFailure) {
            try advance()
        } catch {
            recover(from: scanner.position)
        }
    }

    /// A statement; a wrong one is left out and skipped.
    mutating func parseStatementOrRecover() {
        let mark = pending.count
        let level = height
        let start = scanner.tokenStart
        do throws(SyntaxFailure) {
            switch scanner.token {
            case .indent:
                try parseStrayBlock()
            case .elif where hasLeftOutStatement, .else where hasLeftOutStatement:
                // It belongs to an `if` that was left out; so is its first line, but not its block.
                recover(from: start)
            default:
                try parseStatement()
                hasLeftOutStatement = false
            }
        } catch {
            pending.removeLast(pending.count - mark)
            height = level
            reached = level
            recover(from: start)
        }
    }

    /// A block that nothing introduces: the body of a statement that was left out, or a mistake.
    private mutating func parseStrayBlock() throws(SyntaxFailure) {
        if !hasLeftOutStatement {
            _ = fail(.strayIndent)
        }
        try descend()
        try advance()
        while scanner.token != .outdent && scanner.token != .endOfFile { parseStatementOrRecover() }
        if scanner.token == .outdent { try advance() }
        ascend()
        // An `else` may follow, of the statement that was left out.
        hasLeftOutStatement = true
    }

    /// Skips the rest of a wrong statement.
    ///
    /// Outside brackets that is the rest of the line, token by token. Inside, a bracket may well be
    /// what is missing, so lines are skipped until one starts that is indented as a statement would
    /// be.
    private mutating func recover(from start: Int) {
        hasLeftOutStatement = true
        if scanner.report.isFull {
            scanner.stop()
            return
        }
        if scanner.bracketDepth > 0 {
            resumeAtStatement(from: start)
            return
        }
        let resumption = scanner.position
        if skipLogicalLine() { return }
        // A string or a bracket, opened behind the error, has swallowed the rest of the file. Once,
        // so that the time stays linear, the lines are tried again.
        guard !hasReachedEndInRecovery else { return }
        hasReachedEndInRecovery = true
        scanner.position = resumption
        scanner.dropComments(from: resumption)
        scanner.tokenStart = resumption
        resumeAtStatement(from: resumption)
    }

    private mutating func resumeAtStatement(from start: Int) {
        scanner.skipToStatement(from: start)
        advanceOrRecover()
    }

    /// Skips tokens up to and including a line end. False if the file has ended before inside a
    /// bracket or a string.
    private mutating func skipLogicalLine() -> Bool {
        scanner.report.isSilent = true
        defer { scanner.report.isSilent = false }
        while scanner.token != .newline && scanner.token != .endOfFile {
            do throws(SyntaxFailure) {
                try advance()
            } catch {
                if scanner.position >= scanner.end { return false }
            }
        }
        if scanner.token == .endOfFile { return scanner.bracketDepth == 0 }
        scanner.report.isSilent = false
        advanceOrRecover()
        return true
    }
}
