public import SourceDiagnostics

/// A parsed file: every statement and expression with its exact span, and the comments.
public final class SyntaxTree: Sendable {
    public let file: SourceFile
    /// All nodes; id 0 is a placeholder.
    let nodes: [Node]
    /// Counted lists of node ids, see `NodeKind`.
    let lists: [UInt32]
    /// Every distinct identifier and string literal of the file, once.
    let symbols: SymbolTable
    /// The index in `lists` of the file's statements.
    let root: UInt32

    init(file: SourceFile, nodes: [Node], lists: [UInt32], symbols: SymbolTable, root: UInt32) {
        self.file = file
        self.nodes = nodes
        self.lists = lists
        self.symbols = symbols
        self.root = root
    }
}
