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
    /// - Throws: every mistake found.
    public static func compile(
        _ file: SourceFile, dialect: Dialect = .standard, predeclared: Set<String> = []
    ) throws(SyntaxErrors) -> Program {
        let (tree, rules) = try SyntaxTree.parseWithoutRules(file, dialect: dialect)
        return try compile(tree, ruleDiagnostics: rules, predeclared: predeclared)
    }

    private static func compile(
        _ tree: SyntaxTree, ruleDiagnostics: [Diagnostic], predeclared: Set<String>
    ) throws(SyntaxErrors) -> Program {
        let resolver = Resolver(
            tree: tree, dialect: tree.dialect, isPredeclared: predeclared.contains,
            predeclaredNames: { Array(predeclared) })
        let (resolution, diagnostics) = resolver.resolve()
        if let errors = SyntaxErrors(ruleDiagnostics + diagnostics) { throw errors }
        let compiler = Compiler(tree: tree, resolution: resolution, dialect: tree.dialect)
        return Program(unit: try compiler.compile())
    }
}
