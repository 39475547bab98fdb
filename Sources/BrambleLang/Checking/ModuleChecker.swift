package import SourceDiagnostics
import Starlark

/// Looks for mistakes in modules without running them.
package struct ModuleChecker: Sendable {
    /// What was found in a module.
    package struct Findings: Sendable {
        package let module: ModuleName
        /// Errors and warnings, by place.
        package let diagnostics: [Diagnostic]
    }

    /// The outcome of a check.
    package struct Outcome: Sendable {
        /// The modules that something was found in, sorted.
        package let findings: [Findings]
        /// Modules that were asked for and can't be read, sorted.
        package let unreadable: [(module: ModuleName, problem: ModuleProblem)]

        package var isClean: Bool { findings.isEmpty && unreadable.isEmpty }
        /// Whether there is more than warnings.
        package var hasErrors: Bool {
            !unreadable.isEmpty
                || findings.contains { $0.diagnostics.contains { $0.severity == .error } }
        }
    }

    private let provider: any ModuleProvider
    private let threads: Int

    package init(provider: any ModuleProvider, threads: Int = 1) {
        self.provider = provider
        self.threads = threads
    }

    /// Checks modules: grammar, names that are not defined, loads of modules or names that do not
    /// exist, circles of loads; and, as warnings, names without a use: those that are loaded,
    /// local ones, and global ones that are private.
    ///
    /// Errors in what the modules load are found as well, warnings there are not.
    package func check(_ modules: [ModuleName]) -> Outcome {
        let graph = ModuleReader(
            provider: provider, threads: threads, followsLoads: true,
            maximumModules: EvaluationOptions.Limits().modules,
            cancellation: EvaluationCancellation()
        ).read(modules)
        let order = graph.order(from: modules)
        let places = Dictionary(grouping: order.cycles + order.unreadable) {
            ObjectIdentifier($0.file)
        }
        let asked = Set(modules)
        let findings = order.modules.sorted { $0.name < $1.name }.compactMap { module in
            let found =
                module.diagnostics + (places[ObjectIdentifier(module.file)] ?? [])
                + graph.missingNames(of: module)
                + (asked.contains(module.name) ? module.unusedNames : [])
            guard let sorted = SyntaxErrors(found)?.diagnostics else { return nil as Findings? }
            return Findings(module: module.name, diagnostics: sorted)
        }
        let unreadable = asked.sorted().compactMap { name in
            guard case .unreadable(let problem)? = graph.entries[name] else {
                return nil as (ModuleName, ModuleProblem)?
            }
            return (name, problem)
        }
        return Outcome(findings: findings, unreadable: unreadable)
    }
}

extension ModuleGraph {
    /// Names that a module loads from modules which do not define them.
    fileprivate func missingNames(of module: ReadModule) -> [Diagnostic] {
        module.loads.flatMap { load -> [Diagnostic] in
            guard let loaded = load.module.flatMap({ self[$0] }), loaded.program != nil else {
                return []
            }
            return load.names.filter { !loaded.globals.contains($0.name) }.map { name in
                let nearest = closestMatch(to: name.name, among: loaded.globals.sorted())
                return Diagnostic(
                    .error, "`\(loaded.name)` defines no `\(name.name)`", in: module.file,
                    at: name.span, hint: nearest.map { "did you mean `\($0)`?" })
            }
        }
    }
}

extension ReadModule {
    /// Names that nothing uses. With errors in the file nobody can tell.
    fileprivate var unusedNames: [Diagnostic] {
        guard program != nil else { return [] }
        let tree = SyntaxTree.parseTolerantly(file, dialect: Predeclared.dialect).tree
        return NameUse(tree).unused.compactMap { binding in
            let isPrivate = binding.name.hasPrefix("_")
            switch binding.kind {
            case .loaded:
                return warning("`\(binding.name)` is loaded and not used", binding)
            case .assigned, .defined:
                guard isPrivate == (binding.scope == 0) else { return nil }
                let verb = binding.kind == .assigned ? "assigned" : "defined"
                return warning("`\(binding.name)` is \(verb) and not used", binding)
            }
        }
    }

    private func warning(_ message: String, _ binding: NameUse.Binding) -> Diagnostic {
        let hint =
            binding.scope == 0 || binding.kind == .defined
            ? "remove it" : "remove it, or begin its name with `_`"
        return Diagnostic(.warning, message, in: file, at: binding.span, hint: hint)
    }
}
