public import SourceDiagnostics

/// A parsed file: every statement and expression with its exact span, and the comments.
public final class SyntaxTree: Sendable {
    public let file: SourceFile
    /// The dialect that the file was parsed for; the resolver enforces it.
    public let dialect: Dialect
    /// All nodes; id 0 is a placeholder.
    let nodes: [Node]
    /// Counted lists of node ids, see `NodeKind`.
    let lists: [UInt32]
    /// The keywords, then every distinct identifier and string literal of the file, once.
    let symbols: SymbolTable
    /// The index in `lists` of the file's statements.
    let root: UInt32
    /// The places of the comments, from `#` to the end of the line, in order.
    public let comments: [SourceSpan]

    init(
        file: SourceFile, dialect: Dialect, parts: consuming Parts
    ) {
        self.file = file
        self.dialect = dialect
        nodes = parts.nodes
        lists = parts.lists
        symbols = parts.symbols
        root = parts.root
        comments = parts.comments
    }

    /// What the parser has built.
    struct Parts {
        var nodes: [Node]
        var lists: [UInt32]
        var symbols: SymbolTable
        var root: UInt32
        var comments: [SourceSpan]
    }
}
