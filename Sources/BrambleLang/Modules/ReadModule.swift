import SourceDiagnostics
import Starlark

/// A module that was read and compiled, but not run.
struct ReadModule: Sendable {
    /// A `load` statement.
    struct Load: Sendable {
        /// What the statement says.
        let text: String
        /// The literal that says it.
        let span: SourceSpan
        /// What that means; nil if it means nothing, which is among the module's `diagnostics`.
        let module: ModuleName?
        /// The names that are loaded from it, and where they stand.
        let names: [(name: String, span: SourceSpan)]
    }

    let name: ModuleName
    let file: SourceFile
    /// Nil if there are errors.
    let program: Program?
    let loads: [Load]
    let listing: ModuleListing
    /// The names that others can load.
    let globals: Set<String>
    /// What is wrong, by place.
    let diagnostics: [Diagnostic]
}

extension ReadModule {
    /// Parses and compiles a module, and finds out what it loads.
    init(_ name: ModuleName, _ file: SourceFile, _ provider: some ModuleProvider) {
        self.name = name
        self.file = file
        let (tree, errors) = SyntaxTree.parseTolerantly(file, dialect: Predeclared.dialect)
        var diagnostics = errors
        loads = tree.statements.compactMap { statement in
            // Where the statement itself is wrong, what it means is not known.
            errors.contains { statement.span.contains($0.span) }
                ? nil : Load(statement, in: file, of: name, provider, &diagnostics)
        }
        globals = Set(tree.statements.flatMap(\.globals).filter { !$0.hasPrefix("_") })
        listing = ModuleListing(name, tree)
        var program: Program?
        if errors.isEmpty {
            do throws(SyntaxErrors) {
                program = try Program.compile(tree, predeclared: Predeclared.names)
            } catch {
                diagnostics += error.diagnostics
            }
        }
        self.program = program
        self.diagnostics = SyntaxErrors(diagnostics)?.diagnostics ?? []
    }
}

extension ReadModule.Load {
    /// - Returns: nil if the statement is no `load`.
    init?(
        _ statement: SyntaxTree.Statement, in file: SourceFile, of name: ModuleName,
        _ provider: some ModuleProvider, _ diagnostics: inout [Diagnostic]
    ) {
        guard case .load(let literal, let bindings) = statement.kind,
            case .string(let text) = literal.kind
        else { return nil }
        self.text = text
        span = literal.span
        names = bindings.filter { !$0.bindsModule }.map { ($0.originalName, $0.originalSpan) }
        do {
            module = try provider.resolve(text, from: name)
        } catch {
            let problem = ModuleProblem(error)
            diagnostics.append(
                Diagnostic(
                    .error, problem.message, in: file, at: literal.span, hint: problem.hint))
            module = nil
        }
    }
}

extension SyntaxTree.Statement {
    /// The names that the statement gives a module, if it stands outside of functions.
    fileprivate var globals: [String] {
        switch kind {
        case .def(let function): [function.name]
        case .assignment(let target, _): target.names
        default: []
        }
    }
}

extension SyntaxTree.Expression {
    /// The names that it binds as the target of an assignment.
    fileprivate var names: [String] {
        switch kind {
        case .name(let name): [name]
        case .parenthesized(let inner): inner.names
        case .tuple(let parts), .list(let parts): parts.flatMap(\.names)
        default: []
        }
    }
}

extension SourceSpan {
    fileprivate func contains(_ other: SourceSpan) -> Bool {
        start <= other.start && other.end <= end
    }
}
