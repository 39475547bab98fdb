extension Token {
    /// How messages call the token: punctuation in quotes, everything else bare.
    var description: String {
        switch self {
        case .endOfFile: "end of file"
        case .newline: "newline"
        case .indent: "indent"
        case .outdent: "outdent"
        case .identifier: "identifier"
        case .int, .bigInt: "int literal"
        case .float: "float literal"
        case .string: "string literal"
        case .bytes: "bytes literal"
        case .invalid: "illegal token"
        default: isKeyword ? spelling : "'\(spelling)'"
        }
    }

    /// The text of a token that is always spelled the same; empty for the others.
    var spelling: String {
        if let spelling = operatorSpelling { return spelling }
        if self == .notIn { return "not in" }
        guard rawValue >= Token.not.rawValue && self != .invalid else { return "" }
        let index = Int(rawValue - Token.not.rawValue) + 3
        return Token.keywordSpellings[index].description
    }

    private var operatorSpelling: String? {
        switch self {
        case .or, .and, .in, .equal, .notEqual, .less, .greater, .lessOrEqual, .greaterOrEqual,
            .bitOr, .bitXor, .bitAnd, .shiftLeft, .shiftRight,
            .plus, .minus, .times, .divide, .floorDivide, .modulo:
            binaryOperator.spelling
        case .bitOrAssign, .bitXorAssign, .bitAndAssign, .shiftLeftAssign, .shiftRightAssign,
            .plusAssign, .minusAssign, .timesAssign, .divideAssign, .floorDivideAssign,
            .moduloAssign:
            augmentedOperator.spelling + "="
        case .tilde: "~"
        case .power: "**"
        case .dot: "."
        case .comma: ","
        case .assign: "="
        case .semicolon: ";"
        case .colon: ":"
        case .leftParenthesis: "("
        case .rightParenthesis: ")"
        case .leftBracket: "["
        case .rightBracket: "]"
        case .leftBrace: "{"
        case .rightBrace: "}"
        default: nil
        }
    }
}

extension Operator {
    /// The operator as it is written.
    public var spelling: String {
        switch self {
        case .or: "or"
        case .and: "and"
        case .equal: "=="
        case .notEqual: "!="
        case .less: "<"
        case .greater: ">"
        case .lessOrEqual: "<="
        case .greaterOrEqual: ">="
        case .in: "in"
        case .notIn: "not in"
        case .bitOr: "|"
        case .bitXor: "^"
        case .bitAnd: "&"
        case .shiftLeft: "<<"
        case .shiftRight: ">>"
        case .plus: "+"
        case .minus: "-"
        case .times: "*"
        case .divide: "/"
        case .floorDivide: "//"
        case .modulo: "%"
        case .not: "not"
        case .tilde: "~"
        }
    }
}
