public import SourceDiagnostics

extension Program {
    /// Resolves and compiles a parsed file.
    ///
    /// - Parameter predeclared: the names that the host defines besides the universal ones; the values come
    ///   when the program is run.
    /// - Throws: every mistake found.
    public static func compile(
        _ tree: SyntaxTree, predeclared: Set<String> = []
    ) throws(SyntaxErrors) -> Program {
        try compile(tree, ruleDiagnostics: [], predeclared: predeclared)
    }

    /// Parses, resolves and compiles a file.
    ///
    /// - Parameter forProfiling: whether a `Profiler` is to measure its statements, which makes it slower.
    /// - Throws: every mistake found.
    public static func compile(
        _ file: SourceFile, dialect: Dialect = .standard, predeclared: Set<String> = [],
        forProfiling: Bool = false
    ) throws(SyntaxErrors) -> Program {
        let (tree, rules) = try SyntaxTree.parseWithoutRules(file, dialect: dialect)
        return try compile(
            tree, ruleDiagnostics: rules, predeclared: predeclared, forProfiling: forProfiling)
    }

    /// Compiles an expression. Running the program gives its value.
    static func compile(
        expression file: SourceFile, dialect: Dialect, predeclared: Set<String>
    ) throws(SyntaxErrors) -> Program {
        let (tree, rules) = try SyntaxTree.parseWithoutRules(
            file, dialect: dialect, isExpression: true)
        return try compile(
            tree, ruleDiagnostics: rules, predeclared: predeclared, yieldsValue: true)
    }

    /// Compiles a file. Running the program gives the value of its last statement, if that is an expression.
    ///
    /// - Parameter boundBefore: names that are predeclared, but global variables if the file binds them.
    static func compile(
        yieldingValue file: SourceFile, dialect: Dialect, predeclared: Set<String>,
        boundBefore: Set<String>
    ) throws(SyntaxErrors) -> (program: Program, yieldsValue: Bool) {
        let (tree, rules) = try SyntaxTree.parseWithoutRules(file, dialect: dialect)
        let program = try compile(
            tree, ruleDiagnostics: rules, predeclared: predeclared.union(boundBefore),
            boundBefore: boundBefore, yieldsValue: true)
        return (program, tree.lastExpression != nil)
    }

    private static func compile(
        _ tree: SyntaxTree, ruleDiagnostics: [Diagnostic], predeclared: Set<String>,
        boundBefore: Set<String> = [], yieldsValue: Bool = false,
        forProfiling: Bool = false
    ) throws(SyntaxErrors) -> Program {
        var resolver = Resolver(
            tree: tree, dialect: tree.dialect, isPredeclared: predeclared.contains,
            predeclaredNames: { Array(predeclared) })
        resolver.boundBefore = boundBefore
        let (resolution, diagnostics) = resolver.resolve()
        if let errors = SyntaxErrors(ruleDiagnostics + diagnostics) { throw errors }
        let compiler = Compiler(
            tree: tree, resolution: resolution, dialect: tree.dialect,
            yieldsValue: yieldsValue, marksStatements: forProfiling)
        return Program(unit: try compiler.compile())
    }
}

extension SyntaxTree {
    /// The last statement's expression, if it is one.
    var lastExpression: NodeID? {
        let count = Int(lists[Int(root)])
        guard count > 0 else { return nil }
        let last = nodes[Int(lists[Int(root) + count])]
        return last.kind == .expressionStatement ? last.a : nil
    }
}
