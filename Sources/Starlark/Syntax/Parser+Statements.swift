extension Parser {
    /// The statements up to the end of the file; returns their list.
    mutating func parseFile() -> UInt32 {
        startTokens()
        let mark = pending.count
        while scanner.token != .endOfFile {
            if scanner.token == .newline || scanner.token == .outdent {
                advanceOrRecover()
            } else {
                parseStatementOrRecover()
            }
        }
        return makeList(from: mark)
    }

    /// One expression, or several with commas between them, and nothing behind it but line ends.
    mutating func parseExpressionFile() -> NodeID {
        startTokens()
        do throws(SyntaxFailure) {
            let expression = try parseExpressions(allowsTrailingComma: false)
            while scanner.token == .newline { try advance() }
            if scanner.token != .endOfFile { throw unexpected(.token(.endOfFile)) }
            return expression
        } catch {
            return 0
        }
    }

    /// A statement; simple ones may be several on a line. Pushes what it parses on `pending`.
    mutating func parseStatement() throws(SyntaxFailure) {
        switch scanner.token {
        case .def: try parseDef()
        case .if: try parseIf()
        case .for: try parseFor()
        case .while: try parseWhile()
        default: try parseSimpleStatements()
        }
    }

    /// Statements with `;` between them, up to the end of the line.
    private mutating func parseSimpleStatements() throws(SyntaxFailure) {
        while true {
            let statement = try parseSmallStatement()
            pending.append(statement)
            guard scanner.token == .semicolon else { break }
            try advance()
            if scanner.token == .newline || scanner.token == .endOfFile { break }
        }
        if scanner.token == .newline {
            try advance()
        } else if scanner.token != .endOfFile {
            throw unexpected(.statementEnd)
        }
    }

    private mutating func parseSmallStatement() throws(SyntaxFailure) -> NodeID {
        let start = scanner.tokenStart
        switch scanner.token {
        case .pass: return try parseKeyword(.passStatement)
        case .break: return try parseKeyword(.breakStatement)
        case .continue: return try parseKeyword(.continueStatement)
        case .return:
            try advance()
            var result: NodeID = 0
            if scanner.token != .newline && scanner.token != .semicolon
                && scanner.token != .endOfFile
            {
                result = try parseExpressions(allowsTrailingComma: false)
            }
            return add(.returnStatement, from: start, to: scanner.previousEnd, result)
        case .load:
            return try parseLoad()
        default:
            return try parseExpressionOrAssignment(from: start)
        }
    }

    private mutating func parseKeyword(_ kind: NodeKind) throws(SyntaxFailure) -> NodeID {
        let start = scanner.tokenStart
        try advance()
        return add(kind, from: start, to: scanner.previousEnd)
    }

    private mutating func parseExpressionOrAssignment(
        from start: Int
    ) throws(SyntaxFailure) -> NodeID {
        let left = try parseExpressions(allowsTrailingComma: false)
        if scanner.token == .assign {
            let operatorStart = UInt32(truncatingIfNeeded: scanner.tokenStart)
            checkTarget(left)
            try advance()
            let right = try parseExpressions(allowsTrailingComma: false)
            if scanner.token == .assign {
                throw unexpected(.statementEnd)
            }
            return add(
                .assignment, from: start, to: scanner.previousEnd, left, right, operatorStart)
        }
        if scanner.token.isAugmentedAssignment {
            let operation = scanner.token.augmentedOperator.rawValue
            let operatorStart = UInt32(truncatingIfNeeded: scanner.tokenStart)
            checkAugmentedTarget(left)
            try advance()
            let right = try parseExpressions(allowsTrailingComma: false)
            return add(
                .augmentedAssignment, detail: operation, from: start, to: scanner.previousEnd,
                left, right, operatorStart)
        }
        return add(.expressionStatement, from: start, to: scanner.previousEnd, left)
    }

    // MARK: Compound statements

    private mutating func parseDef() throws(SyntaxFailure) {
        let start = scanner.tokenStart
        try advance()
        let name = try parseName()
        try consume(.leftParenthesis)
        let parameters = try parseParameters(until: .rightParenthesis)
        try consume(.rightParenthesis)
        let (body, bodyEnd) = try parseSuite()
        pending.append(add(.def, from: start, to: bodyEnd, name, parameters, body))
    }

    private mutating func parseFor() throws(SyntaxFailure) {
        let start = scanner.tokenStart
        try advance()
        let variables = try parseLoopVariables()
        try consume(.in)
        let sequence = try parseExpressions(allowsTrailingComma: false)
        let (body, bodyEnd) = try parseSuite()
        pending.append(add(.forStatement, from: start, to: bodyEnd, variables, sequence, body))
    }

    private mutating func parseWhile() throws(SyntaxFailure) {
        let start = scanner.tokenStart
        try advance()
        let condition = try parseTest()
        let (body, bodyEnd) = try parseSuite()
        pending.append(add(.whileStatement, from: start, to: bodyEnd, condition, 0, body))
    }

    /// An `if` with all its `elif`s and its `else`. The branches are collected first, then chained
    /// from the last to the first.
    private mutating func parseIf() throws(SyntaxFailure) {
        let mark = pending.count
        repeat { try parseBranch() } while scanner.token == .elif
        var elseBody: UInt32 = 0
        var lastEnd = end(of: pending[pending.count - 1])
        if scanner.token == .else {
            try advance()
            (elseBody, lastEnd) = try parseSuite()
        }
        chainBranches(from: mark, elseBody: elseBody, end: UInt32(truncatingIfNeeded: lastEnd))
    }

    /// `if` or `elif` with its condition and its body.
    private mutating func parseBranch() throws(SyntaxFailure) {
        let start = scanner.tokenStart
        let detail: UInt8 = scanner.token == .if ? 0 : 1
        try advance()
        let condition = try parseTest()
        let (body, bodyEnd) = try parseSuite()
        pending.append(
            add(.ifStatement, detail: detail, from: start, to: bodyEnd, condition, body))
    }

    /// Makes every branch the `else` of the one before it, and leaves the first pending.
    private mutating func chainBranches(from mark: Int, elseBody: UInt32, end: UInt32) {
        var elseList = elseBody
        while true {
            let branch = pending.removeLast()
            nodes[Int(branch)].c = elseList
            nodes[Int(branch)].end = end
            pending.append(branch)
            if pending.count == mark + 1 { return }
            elseList = makeList(from: pending.count - 1)
        }
    }

    /// The colon and the body of a compound statement: simple statements on the same line, or an
    /// indented block. Returns the body's list and the offset where its last statement ends.
    private mutating func parseSuite() throws(SyntaxFailure) -> (list: UInt32, end: Int) {
        try consume(.colon)
        try descend()
        let mark = pending.count
        var bodyEnd = scanner.previousEnd
        if scanner.token == .newline {
            try advance()
            guard scanner.token == .indent else {
                // The body is missing, but the next statement may well be sound: nothing is
                // skipped.
                _ = unexpected(.body)
                ascend()
                return (0, bodyEnd)
            }
            try advance()
            while scanner.token != .outdent && scanner.token != .endOfFile {
                parseStatementOrRecover()
            }
            if scanner.token == .outdent { try advance() }
        } else if scanner.token == .endOfFile {
            throw unexpected(.body)
        } else {
            try parseSimpleStatements()
        }
        ascend()
        if pending.count > mark, let last = pending.last { bodyEnd = end(of: last) }
        return (makeList(from: mark), bodyEnd)
    }
}
