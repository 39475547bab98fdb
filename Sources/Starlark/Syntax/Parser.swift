import SourceDiagnostics

/// A recursive-descent parser that appends to a syntax tree's arrays.
///
/// It looks one token ahead. Operators are parsed by precedence climbing, whose loop builds chains
/// of left-associative operators without recursion; so are chains of `elif`. Everything else that
/// makes a tree deeper passes through `descend` or `raise`, which keep its height, and with it the
/// recursion of the parser and of every later pass, within `maximumHeight`.
///
/// Methods on the way down are `mutating` even where they change nothing, and reach into `scanner`
/// for the token: for other methods and computed properties an unoptimised build copies the whole
/// parser, several times a frame. What only errors need stands in functions of its own for the same
/// reason.
///
/// A statement that is wrong is reported and left out of the tree; the parser goes on behind it.
/// Rules that need no tokens to be skipped, such as the order of arguments, are reported on the
/// way.
struct Parser: ~Copyable {
    /// How high a tree may be. Chains of binary operators and of `elif` count as one level, however
    /// long: who walks a tree must follow them in a loop. An unoptimised parser takes up to 1.5 KiB
    /// of stack a level (an optimised one 300 bytes), so that a thread of 512 KiB is enough.
    static let maximumHeight = 300

    /// The largest file. With one byte to a token, its nodes and lists still have 32-bit numbers.
    static let maximumFileSize = 1 << 30

    var scanner: Scanner
    var nodes: [Node] = []
    var lists: [UInt32] = [0]
    /// The ids of the elements of all lists that are not complete yet.
    var pending: [NodeID] = []

    /// The level of the node that is being parsed.
    var height = 0
    /// The highest level reached in the expression that is being parsed.
    var reached = 0
    /// For finding duplicates: the number of the last search that met a symbol.
    var stamps: [UInt32] = []
    var stamp: UInt32 = 0
    /// Whether `load` may bind modules.
    let allowsModuleLoads: Bool
    /// Set behind a statement that was left out: what belongs to it comes as a surprise.
    var hasLeftOutStatement = false
    /// Whether a search for the end of a wrong statement has already run into the end of the file.
    var hasReachedEndInRecovery = false

    init(
        text: UnsafeBufferPointer<UInt8>, base: UnsafePointer<UInt8>, file: SourceFile,
        dialect: Dialect
    ) {
        allowsModuleLoads = dialect.allowsModuleLoads
        scanner = Scanner(text: text, base: base, file: file)
        // Measured on build files, about one node to 6 bytes and half as many list entries.
        nodes.reserveCapacity(text.count / 5 + 16)
        lists.reserveCapacity(text.count / 12 + 16)
        nodes.append(Node(kind: .none, start: 0, end: 0))
    }

    // MARK: Nodes and lists

    mutating func add(
        _ kind: NodeKind, detail: UInt8 = 0, from start: Int, to end: Int,
        _ a: UInt32 = 0, _ b: UInt32 = 0, _ c: UInt32 = 0
    ) -> NodeID {
        nodes.append(
            Node(
                kind: kind, detail: detail, start: UInt32(truncatingIfNeeded: start),
                end: UInt32(truncatingIfNeeded: end), a: a, b: b, c: c))
        return NodeID(truncatingIfNeeded: nodes.count &- 1)
    }

    mutating func start(of node: NodeID) -> Int { Int(nodes[Int(node)].start) }

    mutating func end(of node: NodeID) -> Int { Int(nodes[Int(node)].end) }

    /// Makes a list of the pending elements from `mark` on. All empty lists are the one at 0.
    mutating func makeList(from mark: Int) -> UInt32 {
        let count = pending.count &- mark
        if count == 0 { return 0 }
        let list = UInt32(truncatingIfNeeded: lists.count)
        lists.append(UInt32(truncatingIfNeeded: count))
        lists.append(contentsOf: pending[mark...])
        pending.removeLast(count)
        return list
    }

    // MARK: Tokens

    mutating func advance() throws(SyntaxFailure) {
        try scanner.advance()
    }

    /// Consumes a token that must come next.
    mutating func consume(_ wanted: Token) throws(SyntaxFailure) {
        guard scanner.token == wanted else { throw unexpected(.token(wanted)) }
        try advance()
    }

    // MARK: Height

    /// Enters a level of the tree. Must be balanced by `ascend`, except when an error is thrown.
    mutating func descend() throws(SyntaxFailure) {
        height &+= 1
        if height > reached {
            reached = height
            if height > Parser.maximumHeight { throw fail(.tooDeep) }
        }
    }

    mutating func ascend() {
        height &-= 1
    }

    /// Puts a level above what has been parsed since `reached` was set.
    mutating func raise() throws(SyntaxFailure) {
        reached &+= 1
        if reached > Parser.maximumHeight { throw fail(.tooDeep) }
    }
}
