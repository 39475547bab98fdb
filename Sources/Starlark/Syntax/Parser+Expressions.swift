extension Parser {
    /// One expression, or a tuple without parentheses.
    mutating func parseExpressions(allowsTrailingComma: Bool) throws(SyntaxFailure) -> NodeID {
        let outerReached = reached
        reached = height
        let first = try parseTest()
        let expression =
            scanner.token == .comma
            ? try parseTuple(first, allowsTrailingComma: allowsTrailingComma) : first
        reached = max(reached, outerReached)
        return expression
    }

    /// The rest of a tuple, from the first comma on.
    @inline(never)
    private mutating func parseTuple(
        _ first: NodeID, allowsTrailingComma: Bool
    ) throws(SyntaxFailure) -> NodeID {
        try raise()
        try descend()
        let mark = pending.count
        pending.append(first)
        while scanner.token == .comma {
            let comma = scanner.tokenStart
            try advance()
            if scanner.token.endsExpressionList {
                if !allowsTrailingComma {
                    report(.trailingComma, at: comma)
                }
                break
            }
            let element = try parseTest()
            pending.append(element)
        }
        ascend()
        let tupleEnd =
            allowsTrailingComma ? scanner.previousEnd : end(of: pending[pending.count - 1])
        return add(.tuple, from: start(of: first), to: tupleEnd, makeList(from: mark))
    }

    /// An expression that is not a tuple without parentheses.
    mutating func parseTest() throws(SyntaxFailure) -> NodeID {
        if scanner.token == .lambda { return try parseLambda(allowsConditional: true) }
        let outerReached = reached
        reached = height
        let value = try parseBinary(1)
        let expression = scanner.token == .if ? try parseConditional(value) : value
        reached = max(reached, outerReached)
        return expression
    }

    /// `value if condition else other`, from the `if` on.
    @inline(never)
    private mutating func parseConditional(_ value: NodeID) throws(SyntaxFailure) -> NodeID {
        let ifStart = scanner.tokenStart
        try raise()
        try descend()
        try advance()
        let condition = try parseBinary(1)
        guard scanner.token == .else else {
            report(.missingElse, at: ifStart)
            throw SyntaxFailure()
        }
        try advance()
        let other = try parseTest()
        ascend()
        let start = start(of: value)
        return add(.conditional, from: start, to: scanner.previousEnd, value, condition, other)
    }

    /// `allowsConditional` is false in the conditions of comprehensions, where an `if` after the
    /// body is the next clause.
    @inline(never)
    mutating func parseLambda(allowsConditional: Bool) throws(SyntaxFailure) -> NodeID {
        let start = scanner.tokenStart
        try descend()
        try advance()
        let parameters = try parseParameters(until: .colon)
        try consume(.colon)
        let body =
            allowsConditional ? try parseTest() : try parseTestWithoutConditional()
        ascend()
        return add(.lambda, from: start, to: scanner.previousEnd, parameters, 0, body)
    }

    mutating func parseTestWithoutConditional() throws(SyntaxFailure) -> NodeID {
        if scanner.token == .lambda { return try parseLambda(allowsConditional: false) }
        return try parseBinary(1)
    }

    // MARK: Operators

    /// An expression of operators that bind at least as tightly as `minimum`.
    mutating func parseBinary(_ minimum: Int) throws(SyntaxFailure) -> NodeID {
        if scanner.token == .not { return try parseNot(minimum) }
        let outerReached = reached
        reached = height
        let operand = try parseOperand()
        if scanner.token.isBinaryOperator || scanner.token == .not {
            let expression = try parseOperators(after: operand, minimum)
            reached = max(reached, outerReached)
            return expression
        }
        reached = max(reached, outerReached)
        return operand
    }

    /// `not` and its operand, and what follows it.
    @inline(never)
    private mutating func parseNot(_ minimum: Int) throws(SyntaxFailure) -> NodeID {
        guard minimum <= Token.notPrecedence else { throw unexpected(.operand) }
        let outerReached = reached
        reached = height
        let start = scanner.tokenStart
        try descend()
        try advance()
        let operand = try parseBinary(Token.notPrecedence)
        ascend()
        var expression = add(
            .unary, detail: Operator.not.rawValue, from: start, to: scanner.previousEnd, operand)
        if scanner.token.isBinaryOperator || scanner.token == .not {
            expression = try parseOperators(after: expression, minimum)
        }
        reached = max(reached, outerReached)
        return expression
    }

    /// The operators after a first operand, as long as they bind tightly enough, with their right
    /// operands. However long the chain is, it counts as one level.
    @inline(never)
    private mutating func parseOperators(
        after operand: NodeID, _ minimum: Int
    ) throws(SyntaxFailure) -> NodeID {
        var left = operand
        var isRaised = false
        var comparison: Token? = nil
        while true {
            let operatorStart = scanner.tokenStart
            if scanner.token == .not {
                try advance()
                guard scanner.token == .in else { throw unexpected(.token(.in)) }
                scanner.token = .notIn
                scanner.tokenStart = operatorStart
            }
            let operation = scanner.token
            let precedence = operation.precedence
            if precedence < minimum || precedence == 0 { return left }
            if !isRaised {
                try raise()
                isRaised = true
            }
            if precedence == Token.comparisonPrecedence {
                if let comparison { report(.comparisonChain(comparison, operation)) }
                comparison = operation
            } else {
                comparison = nil
            }
            try descend()
            try advance()
            let right = try parseBinary(precedence + 1)
            ascend()
            left = add(
                .binary, detail: operation.binaryOperator.rawValue, from: start(of: left),
                to: end(of: right), left, right, UInt32(truncatingIfNeeded: operatorStart))
            if !scanner.token.isBinaryOperator && scanner.token != .not { return left }
        }
    }

    // MARK: Assignment targets

    /// Reports what can't stand on the left of `=` or between `for` and `in`.
    mutating func checkTarget(_ target: NodeID) {
        let node = nodes[Int(target)]
        switch node.kind {
        case .name, .dot, .index:
            return
        case .paren:
            checkTarget(node.a)
        case .tuple, .list:
            let list = Int(node.a)
            for index in 0..<Int(lists[list]) { checkTarget(lists[list + 1 + index]) }
        default:
            reportRule(.target, at: target)
        }
    }

    mutating func checkAugmentedTarget(_ target: NodeID) {
        let node = nodes[Int(target)]
        switch node.kind {
        case .name, .dot, .index:
            return
        case .paren:
            checkAugmentedTarget(node.a)
        case .tuple, .list:
            reportRule(.augmentedTarget, at: target)
        default:
            reportRule(.target, at: target)
        }
    }
}
