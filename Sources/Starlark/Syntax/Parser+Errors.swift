/// What the grammar wants where something else stands.
enum Expectation {
    case token(Token)
    case operand
    /// The end of a simple statement.
    case statementEnd
    /// The body of a compound statement.
    case body
    /// A comma or the end of a list or dict.
    case elementEnd(Token)
    /// A clause or the end of a comprehension.
    case clause(Token)
}

/// A mistake that spoils the statement it is in, or at least its meaning.
enum GrammarError {
    case noName, strayIndent, tooDeep
    case noLoadedModule, noLoadOperand
    case noLoadedName(local: SymbolID)
    case unquotedLoad(local: SymbolID)
    case emptyLoad
    case unquotedModule(local: SymbolID)
    case severalModules
    case noModuleName(String)
    case noArgumentName
    case trailingComma
    case missingElse
    case comparisonChain(Token, Token)
}

/// A breach of a rule that is not part of the grammar.
enum RuleError {
    enum Argument { case named, star, starStar }

    // At an argument, or at the current token, which is one of the stars.
    case positional(after: Argument)
    case keyword(after: Argument)
    case repeatedArgument
    case secondStarArgument, secondStarStarArgument, starAfterStarStar

    // At a parameter whose offset, and name if it has one, are given.
    case duplicateParameter
    case parameter(isOptional: Bool, after: SymbolID, Int, SymbolID)
    case requiredAfterOptional(Int, SymbolID)
    case secondStarParameter(Int)
    case secondStarStarParameter(Int)
    case starParameter(after: SymbolID, Int)
    case bareStar(Int)

    // At the left side of an assignment.
    case target, augmentedTarget
}

// The wording follows starlark-go's: its test suite, which checks messages, is a suite of ours too.
extension Parser {
    private var tokenRange: Range<Int> {
        scanner.tokenStart..<max(scanner.position, scanner.tokenStart)
    }

    private func text(_ symbol: SymbolID) -> String {
        scanner.symbols.table.text(symbol)
    }

    // MARK: Unexpected tokens

    /// Reports that the current token is not what the grammar wants.
    @inline(never)
    mutating func unexpected(_ expectation: Expectation) -> SyntaxFailure {
        let token = scanner.token
        let wanted =
            switch expectation {
            case .token(let wanted): wanted.description
            case .operand: "primary expression"
            case .statementEnd: "newline"
            case .body: "indent"
            case .elementEnd(let closing):
                token == .endOfFile ? closing.description : "',' or \(closing.description)"
            case .clause(let closing): "\(closing.description), for, or if"
            }
        scanner.report.add(
            "got \(token.description), want \(wanted)", tokenRange,
            hint: hint(expectation) ?? reservedWordHint, note: openBracketNote,
            isIncomplete: token == .endOfFile)
        return SyntaxFailure()
    }

    /// Shows the innermost bracket that is open, unless it is on the line of the error anyway.
    private var openBracketNote: (message: String, range: Range<Int>)? {
        let brackets = scanner.openBrackets
        guard let bracket = brackets.last(where: { $0 < scanner.tokenStart }),
            bracket < scanner.lineStart(before: scanner.tokenStart)
        else { return nil }
        return ("the bracket that is open", bracket..<bracket + 1)
    }

    /// What habits from Python, or a slip, most likely lie behind an unexpected token.
    private func hint(_ expectation: Expectation) -> String? {
        let followsQuote =
            scanner.previousEnd > 0
            && "\"'".utf8.contains(scanner.base[scanner.previousEnd - 1])
        switch (expectation, scanner.token) {
        case (.body, _):
            return "indent the body of the statement above"
        case (_, .string), (_, .bytes):
            if followsQuote { return "literals next to each other are not joined" }
            let isPrefixed = scanner.previousEnd == scanner.tokenStart
            return isPrefixed ? "string literals have only the prefixes `r`, `b` and `rb`" : nil
        case (.statementEnd, .is):
            return "there is no operator `is`: compare with `==`"
        case (.statementEnd, .power):
            return "there is no operator `**`"
        case (.statementEnd, .assign):
            return "assign to one target at a time"
        case (.statementEnd, .colon), (.token(.colon), .minus):
            return "there are no type annotations"
        case (.token(.colon), .assign):
            return "`==` compares; `=` assigns, and is a statement"
        case (.token(.rightParenthesis), .for), (.token(.comma), .for):
            return "there are no generators: use a list comprehension, `[… for …]`"
        case (.operand, .else), (.operand, .elif):
            return "`\(scanner.token.spelling)` lines up with the `if` that it belongs to"
        default:
            return nil
        }
    }

    private var reservedWordHint: String? {
        switch scanner.token {
        case .class: "there are no classes: use functions, dicts and what the host provides"
        case .import, .from: "names come from other files by `load(\"file\", \"name\")`"
        case .try, .raise: "there are no exceptions: an error ends the run; see `fail`"
        case .del: "use the method `pop` to remove an element"
        case let token where token.isReserved || token == .load:
            "`\(token.spelling)` is a reserved word, which can't be a name"
        default: nil
        }
    }

    // MARK: Grammar

    /// Reports an error at the current token.
    @inline(never)
    mutating func fail(_ error: GrammarError) -> SyntaxFailure {
        report(error, tokenRange, isIncomplete: scanner.token == .endOfFile)
        return SyntaxFailure()
    }

    /// Reports an error at the current token, or at an earlier token of one byte (or `if`).
    @inline(never)
    mutating func report(_ error: GrammarError, at offset: Int? = nil) {
        guard let offset else { return report(error, tokenRange, isIncomplete: false) }
        let isConditional = if case .missingElse = error { true } else { false }
        report(
            error, offset..<offset + (isConditional ? 2 : 1),
            isIncomplete: isConditional && scanner.token == .endOfFile)
    }

    private mutating func report(_ error: GrammarError, _ range: Range<Int>, isIncomplete: Bool) {
        let (message, hint) = describe(error)
        scanner.report.add(message, range, hint: hint, isIncomplete: isIncomplete)
    }

    private func describe(_ error: GrammarError) -> (message: String, hint: String?) {
        switch error {
        case .noName:
            let word = scanner.token
            let hint = "`\(word.spelling)` is a reserved word, which can't be a name"
            return ("not an identifier", word.isKeyword ? hint : nil)
        case .strayIndent:
            return ("unexpected indentation", "statements of one block line up")
        case .tooDeep:
            return (
                "nested too deeply",
                "at most \(Parser.maximumHeight) levels are supported: give parts of it names"
            )
        case .noLoadedModule:
            return ("first operand of load statement must be a string literal", nil)
        case .noLoadOperand:
            let found = scanner.token.description
            return ("load operand must be \"name\" or localname=\"name\" (got \(found))", nil)
        case .noLoadedName(let local):
            let name = text(local)
            return (
                "load operand must be \"\(name)\" or \(name)=\"originalname\" "
                    + "(want '=' after \(name))", nil
            )
        case .unquotedLoad(let local):
            let name = text(local)
            return (
                "original name of loaded symbol must be quoted: \(name)=\"originalname\"", nil
            )
        case .emptyLoad:
            return ("load statement must import at least 1 symbol", nil)
        case .unquotedModule(let local):
            return ("module to load must be quoted: \(text(local))=\"module\"", nil)
        case .severalModules:
            return (
                "load statement must name one module",
                "names of a module come behind it: load(\"module\", local=\"name\")"
            )
        case .noModuleName(let name):
            return (
                "\(name.isEmpty ? "the end of this" : name) can't be a name",
                "give the module another one: load(name=\"…\")"
            )
        case .noArgumentName:
            return (
                "keyword argument must have form name=expr",
                "`==` compares; `=` gives an argument by its name"
            )
        case .trailingComma:
            return (
                "unparenthesized tuple with trailing comma", "put the tuple in parentheses"
            )
        case .missingElse:
            return ("conditional expression without else clause", nil)
        case .comparisonChain(let first, let second):
            return (
                "\(first.spelling) does not associate with \(second.spelling) (use parens)",
                "join two comparisons with `and`"
            )
        }
    }

    // MARK: Rules

    /// Reports a breach of a rule, at a node or where the error says.
    @inline(never)
    mutating func reportRule(_ error: RuleError, at node: NodeID = 0) {
        switch error {
        case .target, .augmentedTarget:
            let node = nodes[Int(node)]
            let (message, hint) =
                if case .target = error {
                    describeTarget(node)
                } else {
                    (
                        "can't use \(node.kind == .tuple ? "tuple" : "list") expression in "
                            + "augmented assignment", String?.none
                    )
                }
            scanner.report.addRule(message, Int(node.start)..<Int(node.end), hint: hint)
        case .positional, .keyword, .repeatedArgument, .secondStarArgument,
            .secondStarStarArgument, .starAfterStarStar:
            reportArgument(error, nodes[Int(node)])
        default:
            reportParameter(error, nodes[Int(node)])
        }
    }

    private func describeTarget(_ node: Node) -> (message: String, hint: String?) {
        let (name, hint): (String, String?) =
            switch node.kind {
            case .int, .bigInt, .float, .string, .bytes: ("literal", nil)
            case .binary: ("binaryexpr", nil)
            case .unary: ("unaryexpr", nil)
            case .call: ("callexpr", nil)
            case .conditional: ("condexpr", nil)
            case .listComprehension, .dictComprehension: ("comprehension", nil)
            case .dict: ("dictexpr", nil)
            case .lambda: ("lambdaexpr", nil)
            case .slice: ("sliceexpr", "assign to elements one at a time")
            default: ("expression", nil)
            }
        return ("can't assign to \(name)", hint)
    }

    private mutating func reportArgument(_ error: RuleError, _ node: Node) {
        var range = node.kind == .none ? tokenRange : Int(node.start)..<Int(node.end)
        let message: String
        switch error {
        case .positional(let previous):
            message = "positional argument may not follow \(describe(previous))"
        case .keyword(let previous):
            message = "keyword argument may not follow \(describe(previous))"
        case .repeatedArgument:
            range = range.lowerBound..<range.lowerBound + scanner.symbols.table.byteCount(node.a)
            message = "keyword argument \"\(text(node.a))\" is repeated"
        case .secondStarArgument: message = "multiple *args not allowed"
        case .secondStarStarArgument: message = "multiple **kwargs not allowed"
        default: message = "*args may not follow **kwargs"
        }
        scanner.report.addRule(message, range)
    }

    private func describe(_ argument: RuleError.Argument) -> String {
        switch argument {
        case .named: "named"
        case .star: "*args"
        case .starStar: "**kwargs"
        }
    }

    private mutating func reportParameter(_ error: RuleError, _ node: Node) {
        let message: String
        let range: Range<Int>
        switch error {
        case .parameter(let isOptional, let starStar, let start, let name):
            let kind = isOptional ? "optional" : "required"
            message = "\(kind) parameter may not follow **\(text(starStar))"
            range = start..<start + scanner.symbols.table.byteCount(name)
        case .requiredAfterOptional(let start, let name):
            message = "required parameter may not follow optional"
            range = start..<start + scanner.symbols.table.byteCount(name)
        case .secondStarParameter(let start):
            message = "multiple * parameters not allowed"
            range = start..<start + 1
        case .secondStarStarParameter(let start):
            message = "multiple ** parameters not allowed"
            range = start..<start + 2
        case .starParameter(let starStar, let start):
            message = "* parameter may not follow **\(text(starStar))"
            range = start..<start + 1
        case .bareStar(let start):
            message = "bare * must be followed by keyword-only parameters"
            range = start..<start + 1
        default:
            message = "duplicate parameter: \(text(node.a))"
            let length = scanner.symbols.table.byteCount(node.a)
            let isPlain = node.detail == ParameterKind.plain.rawValue
            let start = isPlain ? Int(node.start) : Int(node.end) - length
            range = start..<start + length
        }
        scanner.report.addRule(message, range)
    }
}
