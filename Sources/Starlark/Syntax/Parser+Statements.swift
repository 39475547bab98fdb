extension Parser {
    /// The statements up to the end of the file; returns their list.
    mutating func parseFile() -> UInt32 {
        startTokens()
        let mark = pending.count
        while token != .endOfFile {
            if token == .newline || token == .outdent {
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
            while token == .newline { try advance() }
            if token != .endOfFile { throw unexpected("end of file") }
            return expression
        } catch {
            return 0
        }
    }

    /// A statement; simple ones may be several on a line. Pushes what it parses on `pending`.
    mutating func parseStatement() throws(SyntaxFailure) {
        switch token {
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
            guard token == .semicolon else { break }
            try advance()
            if token == .newline || token == .endOfFile { break }
        }
        if token == .newline {
            try advance()
        } else if token != .endOfFile {
            throw unexpected(Token.newline.description, hint: missingOperatorHint)
        }
    }

    private var missingOperatorHint: String? {
        switch token {
        case .string, .bytes:
            return "string literals next to each other are not joined: put a `+` between them"
        case .is:
            return "there is no operator `is`: compare with `==`"
        case .power:
            return "there is no operator `**`"
        default:
            return nil
        }
    }

    private mutating func parseSmallStatement() throws(SyntaxFailure) -> NodeID {
        let start = scanner.tokenStart
        switch token {
        case .pass: return try parseBranch(.passStatement)
        case .break: return try parseBranch(.breakStatement)
        case .continue: return try parseBranch(.continueStatement)
        case .return:
            try advance()
            var result: NodeID = 0
            if token != .newline && token != .semicolon && token != .endOfFile {
                result = try parseExpressions(allowsTrailingComma: false)
            }
            return add(.returnStatement, from: start, to: end, result)
        case .load:
            return try parseLoad()
        case .class, .import, .from, .try, .raise, .with, .del, .global, .nonlocal, .yield, .async:
            throw unexpected("primary expression", hint: pythonHint)
        default:
            return try parseExpressionOrAssignment(from: start)
        }
    }

    private var pythonHint: String {
        switch token {
        case .class: "there are no classes: use functions, dicts and what the host provides"
        case .import, .from: "names come from other files by `load(\"file\", \"name\")`"
        case .try, .raise: "there are no exceptions: an error ends the run; see `fail`"
        case .del: "use the method `pop` to remove an element"
        default: "`\(token.spelling)` is a reserved word without a meaning yet"
        }
    }

    private mutating func parseBranch(_ kind: NodeKind) throws(SyntaxFailure) -> NodeID {
        let start = scanner.tokenStart
        try advance()
        return add(kind, from: start, to: end)
    }

    private mutating func parseExpressionOrAssignment(
        from start: Int
    ) throws(SyntaxFailure) -> NodeID {
        let left = try parseExpressions(allowsTrailingComma: false)
        if token == .assign {
            let operatorStart = UInt32(truncatingIfNeeded: scanner.tokenStart)
            checkTarget(left)
            try advance()
            let right = try parseExpressions(allowsTrailingComma: false)
            if token == .assign {
                throw unexpected(
                    Token.newline.description, hint: "assign to one target at a time")
            }
            return add(.assignment, from: start, to: end, left, right, operatorStart)
        }
        if token.isAugmentedAssignment {
            let operation = token.augmentedOperator.rawValue
            let operatorStart = UInt32(truncatingIfNeeded: scanner.tokenStart)
            checkAugmentedTarget(left)
            try advance()
            let right = try parseExpressions(allowsTrailingComma: false)
            return add(
                .augmentedAssignment, detail: operation, from: start, to: end,
                left, right, operatorStart)
        }
        return add(.expressionStatement, from: start, to: end, left)
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

    /// An `if` with all its `elif`s and its `else`. The branches are collected first, then chained from
    /// the last to the first.
    private mutating func parseIf() throws(SyntaxFailure) {
        let mark = pending.count
        var elseBody: UInt32 = 0
        var lastEnd = 0
        while true {
            let start = scanner.tokenStart
            let isFirst = token == .if
            try advance()
            let condition = try parseTest()
            let (body, bodyEnd) = try parseSuite()
            lastEnd = bodyEnd
            pending.append(
                add(
                    .ifStatement, detail: isFirst ? 0 : 1, from: start, to: bodyEnd,
                    condition, body))
            if token != .elif { break }
        }
        if token == .else {
            try advance()
            (elseBody, lastEnd) = try parseSuite()
        }
        var branch = pending.removeLast()
        nodes[Int(branch)].c = elseBody
        nodes[Int(branch)].end = UInt32(truncatingIfNeeded: lastEnd)
        while pending.count > mark {
            let previous = pending.removeLast()
            pending.append(branch)
            nodes[Int(previous)].c = makeList(from: pending.count - 1)
            nodes[Int(previous)].end = UInt32(truncatingIfNeeded: lastEnd)
            branch = previous
        }
        pending.append(branch)
    }

    /// The colon and the body of a compound statement: simple statements on the same line, or an
    /// indented block. Returns the body's list and the offset where its last statement ends.
    private mutating func parseSuite() throws(SyntaxFailure) -> (list: UInt32, end: Int) {
        try consume(.colon)
        try descend()
        let mark = pending.count
        var bodyEnd = end
        if token == .newline {
            try advance()
            guard token == .indent else {
                // The body is missing, but the next statement may well be sound: nothing is skipped.
                _ = unexpected("indent", hint: "indent the body of the statement above")
                ascend()
                return (0, bodyEnd)
            }
            try advance()
            while token != .outdent && token != .endOfFile { parseStatementOrRecover() }
            if token == .outdent { try advance() }
        } else {
            try parseSimpleStatements()
        }
        ascend()
        if pending.count > mark, let last = pending.last { bodyEnd = Int(nodes[Int(last)].end) }
        return (makeList(from: mark), bodyEnd)
    }

    // MARK: Load

    /// `load("module", "name", local = "name")`.
    private mutating func parseLoad() throws(SyntaxFailure) -> NodeID {
        let start = scanner.tokenStart
        try advance()
        let parenthesis = tokenRange
        try consume(.leftParenthesis)
        guard token == .string else {
            throw fail("first operand of load statement must be a string literal")
        }
        let module = add(.string, from: scanner.tokenStart, to: scanner.position, scanner.value)
        try advance()
        let mark = pending.count
        while token != .rightParenthesis && token != .endOfFile {
            try consume(.comma)
            if token == .rightParenthesis { break }
            let binding = try parseLoadBinding()
            pending.append(binding)
        }
        try consume(.rightParenthesis)
        if pending.count == mark {
            scanner.report.add("load statement must import at least 1 symbol", parenthesis)
        }
        return add(.load, from: start, to: end, module, makeList(from: mark))
    }

    private mutating func parseLoadBinding() throws(SyntaxFailure) -> NodeID {
        let start = scanner.tokenStart
        var local = scanner.value
        if token == .identifier {
            let name = scanner.text(tokenRange)
            try advance()
            guard token == .assign else {
                throw fail(
                    "load operand must be \"\(name)\" or \(name)=\"originalname\" "
                        + "(want '=' after \(name))")
            }
            try advance()
            guard token == .string else {
                throw fail(
                    "original name of loaded symbol must be quoted: \(name)=\"originalname\"")
            }
        } else if token == .string {
            local = scanner.value
        } else {
            throw fail(
                "load operand must be \"name\" or localname=\"name\" (got \(token.description))")
        }
        let original = scanner.value
        let literal = UInt32(truncatingIfNeeded: scanner.tokenStart)
        try advance()
        return add(.loadBinding, from: start, to: end, local, original, literal)
    }
}
