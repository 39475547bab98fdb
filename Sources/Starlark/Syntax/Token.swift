/// The kinds of token. What a token holds beyond its kind stands in the scanner.
///
/// The order matters: the binary operators stand in `Operator`'s order, the augmented assignments
/// in the order of theirs, the keywords in that of `keywordSpellings`.
enum Token: UInt8 {
    case endOfFile, newline, indent, outdent

    case identifier, int, bigInt, float, string, bytes

    case or, and
    case equal, notEqual, less, greater, lessOrEqual, greaterOrEqual, `in`
    /// Made by the parser out of `not` and `in`.
    case notIn
    case bitOr, bitXor, bitAnd, shiftLeft, shiftRight
    case plus, minus, times, divide, floorDivide, modulo

    case bitOrAssign, bitXorAssign, bitAndAssign, shiftLeftAssign, shiftRightAssign
    case plusAssign, minusAssign, timesAssign, divideAssign, floorDivideAssign, moduloAssign

    case tilde, power, dot, comma, assign, semicolon, colon
    case leftParenthesis, rightParenthesis, leftBracket, rightBracket, leftBrace, rightBrace

    case not
    case `break`, `continue`, def, elif, `else`, `for`, `if`, lambda, load, pass, `return`, `while`

    // Reserved words. The specification also reserves `assert`, but no implementation does: its
    // own test suites are written with functions of that name.
    case `as`, async, await, `class`, del, except, finally, from, global, `import`, `is`
    case nonlocal, raise, `try`, with, yield

    /// What the scanner refused.
    case invalid

    /// The keywords and reserved words in the order of their symbols, which start at 1.
    static let keywordSpellings: [StaticString] = [
        "or", "and", "in",
        "not", "break", "continue", "def", "elif", "else", "for", "if", "lambda", "load", "pass",
        "return", "while",
        "as", "async", "await", "class", "del", "except", "finally", "from", "global", "import",
        "is", "nonlocal", "raise", "try", "with", "yield",
    ]

    /// The symbol of the last keyword.
    static let lastKeywordSymbol: SymbolID = 32

    /// The keyword with a symbol from 1 to `lastKeywordSymbol`.
    @inline(__always)
    static func keyword(_ symbol: SymbolID) -> Token {
        switch symbol {
        case 1: .or
        case 2: .and
        case 3: .in
        default:
            Token(rawValue: Token.not.rawValue &+ UInt8(truncatingIfNeeded: symbol &- 4))
                ?? .identifier
        }
    }

    var isReserved: Bool {
        rawValue >= Token.as.rawValue && rawValue <= Token.yield.rawValue
    }
    var isKeyword: Bool {
        (rawValue >= Token.not.rawValue && self != .invalid) || self == .or || self == .and
            || self == .in
            || self == .notIn
    }

    /// How tightly a binary operator binds, from 1; 0 for every other token.
    var precedence: Int {
        switch self {
        case .or: 1
        case .and: 2
        case .equal, .notEqual, .less, .greater, .lessOrEqual, .greaterOrEqual, .in, .notIn:
            Token.comparisonPrecedence
        case .bitOr: 5
        case .bitXor: 6
        case .bitAnd: 7
        case .shiftLeft, .shiftRight: 8
        case .plus, .minus: 9
        case .times, .divide, .floorDivide, .modulo: 10
        default: 0
        }
    }

    /// `not` binds tighter than `and`, and less tightly than comparisons.
    static let notPrecedence = 3
    static let comparisonPrecedence = 4

    @inline(__always)
    var isBinaryOperator: Bool {
        rawValue >= Token.or.rawValue && rawValue <= Token.modulo.rawValue
    }

    /// The operator that a binary operator's token stands for.
    var binaryOperator: Operator {
        Operator(rawValue: rawValue &- Token.or.rawValue) ?? .or
    }

    @inline(__always)
    var isAugmentedAssignment: Bool {
        rawValue >= Token.bitOrAssign.rawValue && rawValue <= Token.moduloAssign.rawValue
    }

    /// The binary operator of an augmented assignment.
    var augmentedOperator: Operator {
        let distance = rawValue &- Token.bitOrAssign.rawValue
        return Operator(rawValue: Operator.bitOr.rawValue &+ distance) ?? .or
    }

    /// Whether a list of expressions ends before this token, so that a comma in front of it trails.
    var endsExpressionList: Bool {
        switch self {
        case .endOfFile, .newline, .assign, .rightBrace, .rightBracket, .rightParenthesis,
            .semicolon:
            true
        default:
            isAugmentedAssignment
        }
    }
}
