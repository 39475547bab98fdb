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
    }

    let name: ModuleName
    let file: SourceFile
    /// Nil if there are errors.
    let program: Program?
    let loads: [Load]
    let listing: ModuleListing
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
        loads = tree.statements.compactMap { statement -> Load? in
            guard case .load(let module, _) = statement.kind, case .string(let text) = module.kind
            else { return nil }
            // Where the statement itself is wrong, what it means is not known.
            if errors.contains(where: { statement.span.contains($0.span) }) {
                return nil
            }
            do {
                let target = try provider.resolve(text, from: name)
                return Load(text: text, span: module.span, module: target)
            } catch {
                let problem = ModuleProblem(error)
                diagnostics.append(
                    Diagnostic(
                        .error, problem.message, in: file, at: module.span, hint: problem.hint))
                return Load(text: text, span: module.span, module: nil)
            }
        }
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

extension SourceSpan {
    fileprivate func contains(_ other: SourceSpan) -> Bool {
        start <= other.start && other.end <= end
    }
}
