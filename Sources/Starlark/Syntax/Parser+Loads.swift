/// `load` statements.
extension Parser {
    /// `load("module", "name", local = "name")`, and perhaps `load("module")`.
    mutating func parseLoad() throws(SyntaxFailure) -> NodeID {
        let start = scanner.tokenStart
        try advance()
        let parenthesis = scanner.tokenStart
        try consume(.leftParenthesis)
        guard scanner.token == .string else {
            guard allowsModuleLoads, scanner.token == .identifier else {
                throw fail(.noLoadedModule)
            }
            return try parseModuleLoad(from: start)
        }
        let literal = scanner.tokenStart..<scanner.position
        let module = add(.string, from: scanner.tokenStart, to: scanner.position, scanner.value)
        try advance()
        let mark = pending.count
        while scanner.token != .rightParenthesis && scanner.token != .endOfFile {
            try consume(.comma)
            if scanner.token == .rightParenthesis { break }
            let binding = try parseLoadBinding()
            pending.append(binding)
        }
        try consume(.rightParenthesis)
        if pending.count == mark {
            if allowsModuleLoads {
                pending.append(try makeModuleBinding(of: module, at: literal))
            } else {
                report(.emptyLoad, at: parenthesis)
            }
        }
        return add(.load, from: start, to: scanner.previousEnd, module, makeList(from: mark))
    }

    private mutating func parseLoadBinding() throws(SyntaxFailure) -> NodeID {
        let start = scanner.tokenStart
        let local = scanner.value
        if scanner.token == .identifier {
            try advance()
            guard scanner.token == .assign else { throw fail(.noLoadedName(local: local)) }
            try advance()
            guard scanner.token == .string else { throw fail(.unquotedLoad(local: local)) }
        } else if scanner.token != .string {
            throw fail(.noLoadOperand)
        }
        let original = scanner.value
        let literal = UInt32(truncatingIfNeeded: scanner.tokenStart)
        try advance()
        return add(
            .loadBinding, from: start, to: scanner.previousEnd, local, original, literal)
    }

    // MARK: Loads of modules

    /// `load(local = "module")`, from the local name on.
    private mutating func parseModuleLoad(from start: Int) throws(SyntaxFailure) -> NodeID {
        let mark = pending.count
        let nameStart = scanner.tokenStart
        let local = scanner.value
        try advance()
        try consume(.assign)
        guard scanner.token == .string else { throw fail(.unquotedModule(local: local)) }
        let literal = scanner.tokenStart
        let module = add(.string, from: literal, to: scanner.position, scanner.value)
        try advance()
        let end = scanner.previousEnd
        if scanner.token == .comma { try advance() }
        guard scanner.token == .rightParenthesis else { throw fail(.severalModules) }
        try advance()
        pending.append(
            add(
                .loadBinding, detail: 1, from: nameStart, to: end, local, 0,
                UInt32(truncatingIfNeeded: literal)))
        return add(.load, from: start, to: scanner.previousEnd, module, makeList(from: mark))
    }

    /// The binding of `load("a/b")`: the module under the name `b`.
    private mutating func makeModuleBinding(
        of module: NodeID, at literal: Range<Int>
    ) throws(SyntaxFailure) -> NodeID {
        let text = scanner.symbols.table.bytes[
            scanner.symbols.table.range(nodes[Int(module)].a)]
        let name = Array(text.reversed().prefix { $0 != UInt8(ascii: "/") }.reversed())
        let isWord =
            !(name.first.map { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } ?? true)
            && name.allSatisfy { scanner.isWordByte($0) }
        let local = isWord ? scanner.symbols.intern(name) : 0
        if local <= Token.lastKeywordSymbol {
            report(.noModuleName(String(decoding: name, as: UTF8.self)), at: literal.lowerBound)
        }
        return add(
            .loadBinding, detail: 1, from: literal.lowerBound, to: literal.upperBound, local, 0,
            UInt32(truncatingIfNeeded: literal.lowerBound))
    }
}
