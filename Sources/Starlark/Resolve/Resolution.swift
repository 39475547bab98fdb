/// What every name of a file stands for: the result of the static analysis.
struct Resolution {
    /// For each node that names a variable (`name`, `parameter`, `loadBinding`, `def`) its binding;
    /// for each `lambda` nothing. Indexed by node id.
    var bindings: [Binding]
    /// The functions of the file; the first is the file's top level.
    var functions: [FunctionScope]
    /// The function of each `def` and `lambda` node.
    var functionOfNode: [NodeID: Int]
    /// Global variables in order of first binding.
    var globals: [GlobalVariable]
    /// The names used that the host predeclares, in order of first use.
    var predeclared: [SymbolID]
    /// The universal names used, in order of first use.
    var universals: [SymbolID]
}

struct GlobalVariable {
    let symbol: SymbolID
    /// False for what `load` bound, unless the dialect says otherwise: others cannot load it from here.
    let isExported: Bool
    /// Where it was bound first.
    let node: NodeID
}

/// What a name stands for, in four bytes.
struct Binding {
    enum Kind: UInt32 {
        case unresolved
        /// A slot of the running function; a cell if `FunctionScope.isCaptured`.
        case local
        /// A captured variable of an enclosing function.
        case free
        case global
        case predeclared
        case universal
    }

    private let bits: UInt32

    init(_ kind: Kind, _ index: Int) {
        bits = kind.rawValue << 28 | UInt32(truncatingIfNeeded: index)
    }

    static let unresolved = Binding(.unresolved, 0)

    var kind: Kind { Kind(rawValue: bits >> 28) ?? .unresolved }
    var index: Int { Int(bits & 0xfff_ffff) }
}

/// The variables of one function (or of the top level).
struct FunctionScope {
    /// The `def` or `lambda` node; 0 for the top level.
    let node: NodeID
    /// The function it stands in; -1 for the top level.
    let parent: Int
    /// How many functions enclose it.
    let depth: Int
    /// Local variables: the parameters first, in the order of the call (plain, keyword-only, `*`, `**`),
    /// then what the body binds, then variables of comprehensions.
    var locals: [SymbolID] = []
    /// Which locals nested functions use.
    var isCaptured: [Bool] = []
    /// Where the captured variables come from, when the function is made.
    var captures: [Capture] = []
    /// Their names.
    var captureNames: [SymbolID] = []

    enum Capture: Equatable {
        /// A local of the enclosing function.
        case local(Int)
        /// A captured variable of the enclosing function.
        case free(Int)
    }
}
