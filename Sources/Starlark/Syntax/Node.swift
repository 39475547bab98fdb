/// One node of a syntax tree, 24 bytes without pointers.
///
/// A tree is three flat arrays (see `SyntaxTree`): nodes, lists of node ids, and symbols. That
/// makes parsing one pass of appends, and reading a walk over contiguous memory: no reference
/// counts, and nothing to free node by node. Node id 0 is reserved and means "absent".
struct Node {
    var kind: NodeKind
    /// An `Operator`, or the flag that the kind describes.
    var detail: UInt8 = 0
    /// The span in the source, in bytes.
    var start: UInt32
    var end: UInt32
    /// Meaning depends on the kind; see `NodeKind`.
    var a: UInt32 = 0
    var b: UInt32 = 0
    var c: UInt32 = 0
}

typealias NodeID = UInt32

/// An index into `SyntaxTree.symbols`. Symbol 0 is the empty string.
typealias SymbolID = UInt32

/// The kinds of node, and what their fields hold.
///
/// `a`, `b` and `c` are node ids unless said otherwise. "list at x" means that `lists[x]` holds a
/// count n and `lists[x + 1 ... x + n]` the node ids. An absent list is never stored: an empty one
/// has count 0.
enum NodeKind: UInt8 {
    /// The reserved node 0.
    case none

    // Expressions

    /// `a`: symbol.
    case name
    /// `a`, `b`: the low and high half of a non-negative 63-bit (at most 2^62 - 1) value.
    case int
    /// An integer literal beyond `int`. `a`: symbol of its text as written (`0x…`, `0o…`, `0b…`,
    /// decimal).
    case bigInt
    /// `a`, `b`: low and high half of the bits of a `Double`.
    case float
    /// `a`: symbol of the decoded text.
    case string
    /// `a`: symbol of the decoded bytes.
    case bytes
    /// List at `a`.
    case list
    /// List at `a`. With or without parentheses (a parenthesised tuple is inside a `paren` node).
    case tuple
    /// List at `a` of keys and values in turn: its count is twice the number of entries.
    case dict
    /// `a`: the expression inside the parentheses.
    case paren
    /// `detail`: `Operator` (plus, minus, tilde, not); `a`: operand.
    case unary
    /// `detail`: `Operator`; `a`, `b`: operands; `c`: byte offset of the operator.
    case binary
    /// `a if b else c` in source order: `a`: value if true, `b`: condition, `c`: value if false.
    case conditional
    /// `a`: callee; `b`: list of arguments, each an expression, `namedArgument`, `starArgument`
    /// or `starStarArgument`; `c`: byte offset of the opening parenthesis.
    case call
    /// `name = value` in a call. `a`: symbol; `b`: value. The name starts where the node starts.
    case namedArgument
    /// `*a` in a call.
    case starArgument
    /// `**a` in a call.
    case starStarArgument
    /// `a.NAME`. `b`: symbol; `c`: byte offset of the name.
    case dot
    /// `a[b]`; `c`: byte offset of the opening bracket.
    case index
    /// `a[low:high:step]`. List at `b` of exactly 3 ids, 0 where absent; `c`: offset of the
    /// bracket.
    case slice
    /// `lambda params: c`. List at `a` of `parameter` nodes.
    case lambda
    /// `[a for …]`. `c`: list of `forClause` and `ifClause`, the first is a `forClause`.
    case listComprehension
    /// `{a: b for …}`. `c`: as above.
    case dictComprehension
    /// `for a in b` inside a comprehension.
    case forClause
    /// `if a` inside a comprehension.
    case ifClause
    /// `detail`: `ParameterKind`; `a`: symbol (0 for a bare `*`); `b`: default value, or 0;
    /// `c`: 1 for a plain parameter behind a star, which is passed by name only.
    case parameter

    // Statements

    /// `a`: expression.
    case expressionStatement
    /// `a = b`; `c`: byte offset of the `=`.
    case assignment
    /// `a OP= b`. `detail`: the binary `Operator`; `c`: byte offset of the operator.
    case augmentedAssignment
    /// `def`. `a`: symbol of the name; `b`: list of `parameter` nodes; `c`: list of the body's
    /// statements. The name's span is `SyntaxTree.nameSpan(ofDef:)`.
    case def
    /// `return a`, `a` may be 0.
    case returnStatement
    /// `if a: list at b else: list at c`. An `elif` is an `ifStatement` alone in the list at `c`
    /// with `detail` 1. `c` is 0 without an `else`.
    case ifStatement
    /// `for a in b: list at c`.
    case forStatement
    /// `while a: list at c`.
    case whileStatement
    case breakStatement
    case continueStatement
    case passStatement
    /// `load(a, …)`. `a`: the `string` node of the module; `b`: list of `loadBinding`.
    case load
    /// `a`: symbol of the local name; `b`: symbol of the name in the module;
    /// `c`: byte offset of the string literal that names it. The node spans the whole argument.
    /// `detail`: 1 if it binds the module itself; `b` is 0 then.
    case loadBinding
}

/// How a parameter takes arguments.
enum ParameterKind: UInt8 {
    /// `x` or `x = default`; keyword-only after a `star`.
    case plain
    /// `*args`, or a bare `*` when the symbol is 0.
    case star
    /// `**kwargs`.
    case starStar
}

/// The operators of expressions. Augmented assignments use the binary ones.
public enum Operator: UInt8, Sendable {
    case or, and
    case equal, notEqual, less, greater, lessOrEqual, greaterOrEqual, `in`, notIn
    case bitOr, bitXor, bitAnd, shiftLeft, shiftRight
    case plus, minus, times, divide, floorDivide, modulo
    /// Unary only.
    case not, tilde
}
