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
        while token != .rightParenthesis && token != .endOfFile {
            let argument =
                token == .times || token == .power
                ? try parseStarArgument(&order) : try parseArgument(&order)
            pending.append(argument)
            if token == .comma {
                try advance()
            } else if token != .rightParenthesis && token != .endOfFile {
                throw unexpected(Token.comma.description, hint: adjacencyHint)
            }
        }
        try consume(.rightParenthesis)
        ascend()
        if order.hasNamed { checkRepeatedArguments(from: mark) }
        return add(.call, from: start, to: end, callee, makeList(from: mark), parenthesis)
    }

    /// `value` or `name = value`.
    @inline(__always)
    private mutating func parseArgument(
        _ order: inout ArgumentOrder
    ) throws(SyntaxFailure) -> NodeID {
        let argument = try parseTest()
        if token == .assign { return try parseNamedArgument(argument, &order) }
        if order.hasStar || order.hasStarStar || order.hasNamed {
            let previous =
                order.hasStar ? "*args" : order.hasStarStar ? "**kwargs" : "named"
            scanner.report.addRule(
                "positional argument may not follow \(previous)", range(of: argument))
        }
        return argument
    }

    /// Turns the node of the name into that of the argument.
    private mutating func parseNamedArgument(
        _ name: NodeID, _ order: inout ArgumentOrder
    ) throws(SyntaxFailure) -> NodeID {
        guard nodes[Int(name)].kind == .name else {
            throw fail(
                "keyword argument must have form name=expr",
                hint: "`==` compares; `=` gives an argument by its name")
        }
        if order.hasStar || order.hasStarStar {
            let previous = order.hasStarStar ? "**kwargs" : "*args"
            scanner.report.addRule(
                "keyword argument may not follow \(previous)", range(of: name))
        }
        order.hasNamed = true
        try descend()
        try advance()
        let value = try parseTest()
        ascend()
        nodes[Int(name)].kind = .namedArgument
        nodes[Int(name)].b = value
        nodes[Int(name)].end = UInt32(truncatingIfNeeded: end)
        return name
    }

    /// `*value` or `**value`.
    @inline(never)
    private mutating func parseStarArgument(
        _ order: inout ArgumentOrder
    ) throws(SyntaxFailure) -> NodeID {
        let start = scanner.tokenStart
        let isStarStar = token == .power
        let star = tokenRange
        if isStarStar {
            if order.hasStarStar { scanner.report.addRule("multiple **kwargs not allowed", star) }
            order.hasStarStar = true
        } else if order.hasStarStar {
            scanner.report.addRule("*args may not follow **kwargs", star)
        } else if order.hasStar {
            scanner.report.addRule("multiple *args not allowed", star)
        } else {
            order.hasStar = true
        }
        try descend()
        try advance()
        let value = try parseTest()
        ascend()
        return add(isStarStar ? .starStarArgument : .starArgument, from: start, to: end, value)
    }

    private mutating func checkRepeatedArguments(from mark: Int) {
        beginSearch()
        for index in mark..<pending.count {
            let node = nodes[Int(pending[index])]
            guard node.kind == .namedArgument, wasSeen(node.a) else { continue }
            let name = scanner.symbols.table.text(node.a)
            let length = scanner.symbols.table.byteCount(node.a)
            scanner.report.addRule(
                "keyword argument \"\(name)\" is repeated",
                Int(node.start)..<Int(node.start) + length)
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
        var bareStar: Range<Int>?
        /// The name of the `**` parameter.
        var starStar: SymbolID?
    }

    /// Parameters up to a closing token, which is not consumed. Returns their list.
    @inline(never)
    mutating func parseParameters(until closing: Token) throws(SyntaxFailure) -> UInt32 {
        let mark = pending.count
        var order = ParameterOrder()
        while token != closing && token != .endOfFile {
            let parameter =
                token == .times || token == .power
                ? try parseStarParameter(&order) : try parsePlainParameter(&order)
            pending.append(parameter)
            if token == .comma {
                try advance()
            } else if token != closing {
                throw unexpected(
                    token == .endOfFile ? closing.description : Token.comma.description)
            }
        }
        if let bareStar = order.bareStar {
            scanner.report.addRule(
                "bare * must be followed by keyword-only parameters", bareStar)
        }
        checkDuplicateParameters(from: mark)
        return makeList(from: mark)
    }

    /// `name` or `name = default`.
    private mutating func parsePlainParameter(
        _ order: inout ParameterOrder
    ) throws(SyntaxFailure) -> NodeID {
        let start = scanner.tokenStart
        let nameRange = tokenRange
        let name = try parseName()
        var defaultValue: NodeID = 0
        if token == .assign {
            try descend()
            try descend()
            try advance()
            defaultValue = try parseTest()
            ascend()
            ascend()
        }
        if let starStar = order.starStar {
            let kind = defaultValue == 0 ? "required" : "optional"
            let text = scanner.symbols.table.text(starStar)
            scanner.report.addRule("\(kind) parameter may not follow **\(text)", nameRange)
        } else if order.hasStar {
            order.bareStar = nil
        } else if defaultValue != 0 {
            order.hasOptional = true
        } else if order.hasOptional {
            scanner.report.addRule("required parameter may not follow optional", nameRange)
        }
        return add(
            .parameter, detail: ParameterKind.plain.rawValue, from: start, to: end,
            name, defaultValue)
    }

    /// `*`, `*name` or `**name`.
    private mutating func parseStarParameter(
        _ order: inout ParameterOrder
    ) throws(SyntaxFailure) -> NodeID {
        let start = scanner.tokenStart
        let star = tokenRange
        let isStarStar = token == .power
        try advance()
        var name: SymbolID = 0
        if isStarStar {
            name = try parseName()
            if order.starStar != nil {
                scanner.report.addRule("multiple ** parameters not allowed", star)
            }
            order.starStar = name
        } else {
            if token == .identifier { name = try parseName() }
            if let starStar = order.starStar {
                let text = scanner.symbols.table.text(starStar)
                scanner.report.addRule("* parameter may not follow **\(text)", star)
            } else if order.hasStar {
                scanner.report.addRule("multiple * parameters not allowed", star)
            } else {
                order.hasStar = true
                if name == 0 { order.bareStar = star }
            }
        }
        let kind: ParameterKind = isStarStar ? .starStar : .star
        return add(.parameter, detail: kind.rawValue, from: start, to: end, name)
    }

    private mutating func checkDuplicateParameters(from mark: Int) {
        guard pending.count - mark > 1 else { return }
        beginSearch()
        for index in mark..<pending.count {
            let node = nodes[Int(pending[index])]
            guard node.a != 0, wasSeen(node.a) else { continue }
            let name = scanner.symbols.table.text(node.a)
            scanner.report.addRule("duplicate parameter: \(name)", nameRange(ofParameter: node))
        }
    }

    private func nameRange(ofParameter node: Node) -> Range<Int> {
        let length = scanner.symbols.table.byteCount(node.a)
        if node.detail == ParameterKind.plain.rawValue {
            return Int(node.start)..<Int(node.start) + length
        }
        return Int(node.end) - length..<Int(node.end)
    }
}
