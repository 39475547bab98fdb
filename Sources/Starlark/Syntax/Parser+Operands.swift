extension Parser {
    /// A name, a literal, something in brackets, or a signed operand, with its suffixes.
    ///
    /// Nothing but its own parts may have counted towards `reached` since it was reset.
    mutating func parseOperand() throws(SyntaxFailure) -> NodeID {
        let start = scanner.tokenStart
        let operand: NodeID
        switch scanner.token {
        case .identifier: operand = try parseLeaf(.name)
        case .string: operand = try parseLeaf(.string)
        case .int: operand = try parseLeaf(.int)
        case .leftBracket: operand = try parseList()
        case .leftParenthesis: operand = try parseParentheses()
        case .leftBrace: operand = try parseDict()
        case .minus, .plus, .tilde: return try parseSigned()
        case .bytes: operand = try parseLeaf(.bytes)
        case .float: operand = try parseLeaf(.float)
        case .bigInt: operand = try parseLeaf(.bigInt)
        default: throw unexpected(.operand)
        }
        switch scanner.token {
        case .leftParenthesis, .dot, .leftBracket:
            return try parseSuffixes(of: operand, from: start)
        default:
            return operand
        }
    }

    private mutating func parseLeaf(_ kind: NodeKind) throws(SyntaxFailure) -> NodeID {
        let node = add(
            kind, from: scanner.tokenStart, to: scanner.position, scanner.value,
            kind == .int || kind == .float ? scanner.valueHigh : 0)
        try advance()
        return node
    }

    @inline(never)
    private mutating func parseSigned() throws(SyntaxFailure) -> NodeID {
        let start = scanner.tokenStart
        let operation: Operator =
            scanner.token == .minus ? .minus : scanner.token == .plus ? .plus : .tilde
        try descend()
        try advance()
        let operand = try parseOperand()
        ascend()
        return add(
            .unary, detail: operation.rawValue, from: start, to: scanner.previousEnd, operand)
    }

    // MARK: Suffixes

    @inline(never)
    private mutating func parseSuffixes(
        of operand: NodeID, from start: Int
    ) throws(SyntaxFailure) -> NodeID {
        var operand = operand
        while true {
            switch scanner.token {
            case .leftParenthesis: operand = try parseCall(of: operand, from: start)
            case .dot: operand = try parseDot(of: operand, from: start)
            case .leftBracket: operand = try parseIndex(of: operand, from: start)
            default: return operand
            }
            try raise()
        }
    }

    private mutating func parseDot(
        of operand: NodeID, from start: Int
    ) throws(SyntaxFailure) -> NodeID {
        try advance()
        let nameStart = UInt32(truncatingIfNeeded: scanner.tokenStart)
        let name = try parseName()
        return add(.dot, from: start, to: scanner.previousEnd, operand, name, nameStart)
    }

    /// A name that is not used as a value: of an attribute, a function, a parameter.
    mutating func parseName() throws(SyntaxFailure) -> SymbolID {
        guard scanner.token == .identifier else {
            throw fail(.noName)
        }
        let name = scanner.value
        try advance()
        return name
    }

    @inline(never)
    private mutating func parseIndex(
        of operand: NodeID, from start: Int
    ) throws(SyntaxFailure) -> NodeID {
        let bracket = UInt32(truncatingIfNeeded: scanner.tokenStart)
        try descend()
        try advance()
        var low: NodeID = 0
        if scanner.token != .colon {
            low = try parseExpressions(allowsTrailingComma: false)
            if scanner.token == .rightBracket {
                try advance()
                ascend()
                return add(.index, from: start, to: scanner.previousEnd, operand, low, bracket)
            }
        }
        return try parseSlice(of: operand, from: start, low: low, bracket: bracket)
    }

    /// The rest of a slice, from the first colon on.
    private mutating func parseSlice(
        of operand: NodeID, from start: Int, low: NodeID, bracket: UInt32
    ) throws(SyntaxFailure) -> NodeID {
        var high: NodeID = 0
        var step: NodeID = 0
        if scanner.token == .colon {
            try advance()
            if scanner.token != .colon && scanner.token != .rightBracket { high = try parseTest() }
            if scanner.token == .colon {
                try advance()
                if scanner.token != .rightBracket { step = try parseTest() }
            }
        }
        try consume(.rightBracket)
        ascend()
        let mark = pending.count
        pending.append(low)
        pending.append(high)
        pending.append(step)
        return add(
            .slice, from: start, to: scanner.previousEnd, operand, makeList(from: mark), bracket)
    }

    // MARK: Brackets

    @inline(never)
    private mutating func parseParentheses() throws(SyntaxFailure) -> NodeID {
        let start = scanner.tokenStart
        try descend()
        try advance()
        let content: NodeID
        if scanner.token == .rightParenthesis {
            try descend()
            ascend()
            content = add(.tuple, from: start, to: scanner.position, 0)
        } else {
            content = try parseExpressions(allowsTrailingComma: true)
        }
        try consume(.rightParenthesis)
        ascend()
        return add(.paren, from: start, to: scanner.previousEnd, content)
    }

    @inline(never)
    private mutating func parseList() throws(SyntaxFailure) -> NodeID {
        let start = scanner.tokenStart
        let mark = pending.count
        try descend()
        try advance()
        while scanner.token != .rightBracket {
            let element = try parseTest()
            if scanner.token == .comma {
                pending.append(element)
                try advance()
            } else if scanner.token == .for && pending.count == mark {
                return try parseComprehension(
                    .listComprehension, from: start, element, 0, closing: .rightBracket)
            } else {
                pending.append(element)
                if scanner.token != .rightBracket { throw unexpected(.elementEnd(.rightBracket)) }
            }
        }
        try advance()
        ascend()
        return add(.list, from: start, to: scanner.previousEnd, makeList(from: mark))
    }

    @inline(never)
    private mutating func parseDict() throws(SyntaxFailure) -> NodeID {
        let start = scanner.tokenStart
        let mark = pending.count
        try descend()
        try advance()
        while scanner.token != .rightBrace {
            let key = try parseTest()
            try consume(.colon)
            let value = try parseTest()
            if scanner.token == .for && pending.count == mark {
                return try parseComprehension(
                    .dictComprehension, from: start, key, value, closing: .rightBrace)
            }
            pending.append(key)
            pending.append(value)
            if scanner.token == .comma {
                try advance()
            } else if scanner.token != .rightBrace {
                throw unexpected(.elementEnd(.rightBrace))
            }
        }
        try advance()
        ascend()
        return add(.dict, from: start, to: scanner.previousEnd, makeList(from: mark))
    }

    /// The clauses of a comprehension, from the first `for` on, and its closing bracket.
    @inline(never)
    private mutating func parseComprehension(
        _ kind: NodeKind, from start: Int, _ first: NodeID, _ second: NodeID, closing: Token
    ) throws(SyntaxFailure) -> NodeID {
        let mark = pending.count
        let outerHeight = height
        while scanner.token != closing {
            // Each clause is a loop or a condition around those behind it.
            try descend()
            let clause: NodeID
            if scanner.token == .for {
                clause = try parseForClause()
            } else if scanner.token == .if {
                let clauseStart = scanner.tokenStart
                try advance()
                let condition = try parseTestWithoutConditional()
                clause = add(.ifClause, from: clauseStart, to: scanner.previousEnd, condition)
            } else {
                throw unexpected(.clause(closing))
            }
            pending.append(clause)
        }
        height = outerHeight
        try advance()
        ascend()
        return add(kind, from: start, to: scanner.previousEnd, first, second, makeList(from: mark))
    }

    /// `for variables in sequence`, whose sequence is neither a conditional nor a lambda nor a
    /// tuple without parentheses.
    private mutating func parseForClause() throws(SyntaxFailure) -> NodeID {
        let start = scanner.tokenStart
        try advance()
        let variables = try parseLoopVariables()
        try consume(.in)
        let sequence = try parseBinary(1)
        return add(.forClause, from: start, to: scanner.previousEnd, variables, sequence)
    }

    /// One target or several with commas between them; operators would take the `in` for theirs.
    mutating func parseLoopVariables() throws(SyntaxFailure) -> NodeID {
        let outerReached = reached
        reached = height
        let first = try parseOperand()
        var variables = first
        if scanner.token == .comma {
            try raise()
            try descend()
            let mark = pending.count
            pending.append(first)
            while scanner.token == .comma {
                try advance()
                reached = height
                let variable = try parseOperand()
                pending.append(variable)
            }
            ascend()
            variables = add(
                .tuple, from: start(of: first), to: scanner.previousEnd, makeList(from: mark))
        }
        reached = max(reached, outerReached)
        checkTarget(variables)
        return variables
    }
}
