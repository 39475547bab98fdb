extension Parser {
    /// One expression, or a tuple without parentheses.
    mutating func parseExpressions(allowsTrailingComma: Bool) throws(SyntaxFailure) -> NodeID {
        let outerReached = reached
        reached = height
        let first = try parseTest()
        let expression =
            token == .comma
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
        while token == .comma {
            let comma = tokenRange
            try advance()
            if token.endsExpressionList {
                if !allowsTrailingComma {
                    scanner.report.add(
                        "unparenthesized tuple with trailing comma", comma,
                        hint: "put the tuple in parentheses")
                }
                break
            }
            let element = try parseTest()
            pending.append(element)
        }
        ascend()
        let tupleEnd = allowsTrailingComma ? end : Int(nodes[Int(pending[pending.count - 1])].end)
        return add(.tuple, from: start(of: first), to: tupleEnd, makeList(from: mark))
    }

    /// An expression that is not a tuple without parentheses.
    mutating func parseTest() throws(SyntaxFailure) -> NodeID {
        if token == .lambda { return try parseLambda(allowsConditional: true) }
        let outerReached = reached
        reached = height
        let value = try parseBinary(1)
        let expression = token == .if ? try parseConditional(value) : value
        reached = max(reached, outerReached)
        return expression
    }

    /// `value if condition else other`, from the `if` on.
    @inline(never)
    private mutating func parseConditional(_ value: NodeID) throws(SyntaxFailure) -> NodeID {
        let ifRange = tokenRange
        try raise()
        try descend()
        try advance()
        let condition = try parseBinary(1)
        guard token == .else else {
            scanner.report.add(
                "conditional expression without else clause", ifRange,
                isIncomplete: token == .endOfFile)
            throw SyntaxFailure()
        }
        try advance()
        let other = try parseTest()
        ascend()
        return add(.conditional, from: start(of: value), to: end, value, condition, other)
    }

    /// `allowsConditional` is false in the conditions of comprehensions, where an `if` after the body
    /// is the next clause.
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
        return add(.lambda, from: start, to: end, parameters, 0, body)
    }

    mutating func parseTestWithoutConditional() throws(SyntaxFailure) -> NodeID {
        if token == .lambda { return try parseLambda(allowsConditional: false) }
        return try parseBinary(1)
    }

    // MARK: Operators

    /// An expression of operators that bind at least as tightly as `minimum`.
    mutating func parseBinary(_ minimum: Int) throws(SyntaxFailure) -> NodeID {
        if token == .not { return try parseNot(minimum) }
        let outerReached = reached
        reached = height
        let operand = try parseOperand()
        if token.isBinaryOperator || token == .not {
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
        guard minimum <= Token.notPrecedence else { throw unexpected("primary expression") }
        let outerReached = reached
        reached = height
        let start = scanner.tokenStart
        try descend()
        try advance()
        let operand = try parseBinary(Token.notPrecedence)
        ascend()
        var expression = add(
            .unary, detail: Operator.not.rawValue, from: start, to: end, operand)
        if token.isBinaryOperator || token == .not {
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
            let operatorRange = tokenRange
            if token == .not {
                try advance()
                guard token == .in else { throw unexpected(Token.in.description) }
                scanner.token = .notIn
                scanner.tokenStart = operatorRange.lowerBound
            }
            let operation = token
            let precedence = operation.precedence
            if precedence < minimum || precedence == 0 { return left }
            if !isRaised {
                try raise()
                isRaised = true
            }
            if precedence == Token.comparisonPrecedence {
                if let comparison { refuseChain(comparison, operation) }
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
                to: range(of: right).upperBound, left, right, UInt32(truncatingIfNeeded: operatorRange.lowerBound))
            if !token.isBinaryOperator && token != .not { return left }
        }
    }

    private mutating func refuseChain(_ first: Token, _ second: Token) {
        scanner.report.add(
            "\(first.spelling) does not associate with \(second.spelling) (use parens)",
            tokenRange, hint: "join two comparisons with `and`")
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
            refuseTarget(target)
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
            let kind = node.kind == .tuple ? "tuple" : "list"
            scanner.report.addRule(
                "can't use \(kind) expression in augmented assignment", range(of: target))
        default:
            refuseTarget(target)
        }
    }

    @inline(never)
    private mutating func refuseTarget(_ target: NodeID) {
        let (name, hint): (String, String?) =
            switch nodes[Int(target)].kind {
            case .int, .bigInt, .float, .string, .bytes: ("literal", nil)
            case .binary: ("binaryexpr", "`==` compares")
            case .unary: ("unaryexpr", nil)
            case .call: ("callexpr", nil)
            case .conditional: ("condexpr", nil)
            case .listComprehension, .dictComprehension: ("comprehension", nil)
            case .dict: ("dictexpr", nil)
            case .lambda: ("lambdaexpr", nil)
            case .slice: ("sliceexpr", "assign to elements one at a time")
            default: ("expression", nil)
            }
        scanner.report.addRule("can't assign to \(name)", range(of: target), hint: hint)
    }
}
