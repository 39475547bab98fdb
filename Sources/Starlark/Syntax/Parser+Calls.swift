extension Parser {
    // MARK: Arguments

    /// What has been seen of a call's arguments, which have a fixed order.
    private struct ArgumentOrder {
        var hasNamed = false
        var hasStar = false
        var hasStarStar = false
    }

    /// The arguments of a call, from the opening parenthesis to the closing one.
    @inline(never)
    mutating func parseCall(
        of callee: NodeID, from start: Int
    ) throws(SyntaxFailure) -> NodeID {
        let parenthesis = UInt32(truncatingIfNeeded: scanner.tokenStart)
        let mark = pending.count
        var order = ArgumentOrder()
        try descend()
        try advance()
        while scanner.token != .rightParenthesis && scanner.token != .endOfFile {
            let argument =
                scanner.token == .times || scanner.token == .power
                ? try parseStarArgument(&order) : try parseArgument(&order)
            pending.append(argument)
            if scanner.token == .comma {
                try advance()
            } else if scanner.token != .rightParenthesis && scanner.token != .endOfFile {
                throw unexpected(.token(.comma))
            }
        }
        try consume(.rightParenthesis)
        ascend()
        if order.hasNamed { checkRepeatedArguments(from: mark) }
        return add(
            .call, from: start, to: scanner.previousEnd, callee, makeList(from: mark), parenthesis)
    }

    /// `value` or `name = value`.
    private mutating func parseArgument(
        _ order: inout ArgumentOrder
    ) throws(SyntaxFailure) -> NodeID {
        let argument = try parseTest()
        if scanner.token == .assign { return try parseNamedArgument(argument, &order) }
        if order.hasStar || order.hasStarStar || order.hasNamed {
            reportRule(
                .positional(after: order.hasStar ? .star : order.hasStarStar ? .starStar : .named),
                at: argument)
        }
        return argument
    }

    /// Turns the node of the name into that of the argument.
    private mutating func parseNamedArgument(
        _ name: NodeID, _ order: inout ArgumentOrder
    ) throws(SyntaxFailure) -> NodeID {
        guard nodes[Int(name)].kind == .name else {
            throw fail(.noArgumentName)
        }
        if order.hasStar || order.hasStarStar {
            reportRule(.keyword(after: order.hasStarStar ? .starStar : .star), at: name)
        }
        order.hasNamed = true
        try descend()
        try advance()
        let value = try parseTest()
        ascend()
        nodes[Int(name)].kind = .namedArgument
        nodes[Int(name)].b = value
        nodes[Int(name)].end = UInt32(truncatingIfNeeded: scanner.previousEnd)
        return name
    }

    /// `*value` or `**value`.
    @inline(never)
    private mutating func parseStarArgument(
        _ order: inout ArgumentOrder
    ) throws(SyntaxFailure) -> NodeID {
        let start = scanner.tokenStart
        let isStarStar = scanner.token == .power
        if isStarStar {
            if order.hasStarStar { reportRule(.secondStarStarArgument) }
            order.hasStarStar = true
        } else if order.hasStarStar {
            reportRule(.starAfterStarStar)
        } else if order.hasStar {
            reportRule(.secondStarArgument)
        } else {
            order.hasStar = true
        }
        try descend()
        try advance()
        let value = try parseTest()
        ascend()
        return add(
            isStarStar ? .starStarArgument : .starArgument, from: start, to: scanner.previousEnd,
            value)
    }

    private mutating func checkRepeatedArguments(from mark: Int) {
        beginSearch()
        for index in mark..<pending.count {
            let node = nodes[Int(pending[index])]
            guard node.kind == .namedArgument, wasSeen(node.a) else { continue }
            reportRule(.repeatedArgument, at: pending[index])
        }
    }

    // MARK: Duplicates

    /// Starts a search for symbols that occur twice. Linear, however many symbols there are.
    private mutating func beginSearch() {
        stamp &+= 1
        let missing = scanner.symbols.table.count - stamps.count
        if missing > 0 {
            stamps.append(contentsOf: repeatElement(0, count: max(missing, stamps.count)))
        }
    }

    /// Whether the current search has met the symbol before.
    private mutating func wasSeen(_ symbol: SymbolID) -> Bool {
        if stamps[Int(symbol)] == stamp { return true }
        stamps[Int(symbol)] = stamp
        return false
    }

    // MARK: Parameters

    /// What has been seen of a function's parameters, which have a fixed order.
    private struct ParameterOrder {
        var hasOptional = false
        var hasStar = false
        /// The place of a bare `*` that no keyword-only parameter has followed yet.
        var bareStar: Int?
        /// The name of the `**` parameter.
        var starStar: SymbolID?
    }

    /// Parameters up to a closing token, which is not consumed. Returns their list.
    @inline(never)
    mutating func parseParameters(until closing: Token) throws(SyntaxFailure) -> UInt32 {
        let mark = pending.count
        var order = ParameterOrder()
        while scanner.token != closing && scanner.token != .endOfFile {
            let parameter =
                scanner.token == .times || scanner.token == .power
                ? try parseStarParameter(&order) : try parsePlainParameter(&order)
            pending.append(parameter)
            if scanner.token == .comma {
                try advance()
            } else if scanner.token != closing {
                throw unexpected(.token(scanner.token == .endOfFile ? closing : .comma))
            }
        }
        if let bareStar = order.bareStar {
            reportRule(.bareStar(bareStar))
        }
        checkDuplicateParameters(from: mark)
        return makeList(from: mark)
    }

    /// `name` or `name = default`.
    private mutating func parsePlainParameter(
        _ order: inout ParameterOrder
    ) throws(SyntaxFailure) -> NodeID {
        let start = scanner.tokenStart
        let name = try parseName()
        var defaultValue: NodeID = 0
        if scanner.token == .assign {
            try descend()
            try descend()
            try advance()
            defaultValue = try parseTest()
            ascend()
            ascend()
        }
        if let starStar = order.starStar {
            let isOptional = defaultValue != 0
            reportRule(.parameter(isOptional: isOptional, after: starStar, start, name))
        } else if order.hasStar {
            order.bareStar = nil
        } else if defaultValue != 0 {
            order.hasOptional = true
        } else if order.hasOptional {
            reportRule(.requiredAfterOptional(start, name))
        }
        return add(
            .parameter, detail: ParameterKind.plain.rawValue, from: start, to: scanner.previousEnd,
            name, defaultValue, order.hasStar ? 1 : 0)
    }

    /// `*`, `*name` or `**name`.
    private mutating func parseStarParameter(
        _ order: inout ParameterOrder
    ) throws(SyntaxFailure) -> NodeID {
        let start = scanner.tokenStart
        let isStarStar = scanner.token == .power
        try advance()
        var name: SymbolID = 0
        if isStarStar {
            name = try parseName()
            if order.starStar != nil {
                reportRule(.secondStarStarParameter(start))
            }
            order.starStar = name
        } else {
            if scanner.token == .identifier { name = try parseName() }
            if let starStar = order.starStar {
                reportRule(.starParameter(after: starStar, start))
            } else if order.hasStar {
                reportRule(.secondStarParameter(start))
            } else {
                order.hasStar = true
                if name == 0 { order.bareStar = start }
            }
        }
        let kind: ParameterKind = isStarStar ? .starStar : .star
        return add(.parameter, detail: kind.rawValue, from: start, to: scanner.previousEnd, name)
    }

    private mutating func checkDuplicateParameters(from mark: Int) {
        guard pending.count - mark > 1 else { return }
        beginSearch()
        for index in mark..<pending.count {
            let node = nodes[Int(pending[index])]
            guard node.a != 0, wasSeen(node.a) else { continue }
            reportRule(.duplicateParameter, at: pending[index])
        }
    }
}
