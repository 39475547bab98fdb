package import BrambleModel
import SourceDiagnostics
import Starlark

/// Evaluates modules: reads them with all they load, runs each once, calls functions, and puts
/// together the graph of the derivations returned.
///
/// What comes out, error or not, depends on the modules and the options only, not on the threads.
package struct ModuleEvaluator: Sendable {
    private let provider: any ModuleProvider
    private let options: EvaluationOptions
    private let printHandler: @Sendable (String) -> Void

    /// - Parameter print: Gets the lines that modules print, one at a time, from any thread.
    package init(
        provider: any ModuleProvider, options: EvaluationOptions,
        print: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.provider = provider
        self.options = options
        printHandler = print
    }

    /// Calls functions of modules.
    ///
    /// - Throws: `EvaluationErrors`; `CancellationError` if it was cancelled.
    package func evaluate(
        _ requests: [EvaluationRequest],
        cancellation: EvaluationCancellation = EvaluationCancellation()
    ) throws -> EvaluationOutput {
        let roots = requests.map(\.module)
        let graph = read(roots, cancellation)
        let order = graph.order(from: roots)
        if cancellation.isCancelled { throw CancellationError() }
        let faults = staticFaults(graph, order, roots) + requestFaults(graph, requests)
        if !faults.isEmpty { throw EvaluationErrors(faults) }
        let run = EvaluationRun(
            modules: order.modules, requests: requests, provider: provider, options: options,
            cancellation: cancellation, printHandler: printHandler)
        return try run.run()
    }

    /// What modules offer, from their texts alone.
    ///
    /// - Throws: `EvaluationErrors` if a module can't be read, or its text is wrong.
    package func list(_ modules: [ModuleName]) throws -> [ModuleListing] {
        let graph = read(modules, EvaluationCancellation(), followsLoads: false)
        var faults: [EvaluationFault] = []
        var listings: [ModuleListing] = []
        for name in modules {
            switch graph.entries[name] {
            case .read(let module):
                faults += module.diagnostics.map { .diagnostic($0) }
                listings.append(module.listing)
            case .unreadable(let problem): faults.append(EvaluationFault(problem))
            case nil: preconditionFailure("a module that was asked for was not read")
            }
        }
        if !faults.isEmpty { throw EvaluationErrors(faults) }
        return listings
    }

    /// The module that a `load` statement in the project's directory means.
    func resolve(_ text: String) throws -> ModuleName {
        try provider.resolve(text, from: ModuleName())
    }

    /// Runs a module and those it loads.
    ///
    /// - Returns: The modules, and which module each file is.
    /// - Throws: `EvaluationErrors`.
    func load(
        _ name: ModuleName
    ) throws -> ([ModuleName: Module], files: [ObjectIdentifier: ModuleName]) {
        let cancellation = EvaluationCancellation()
        let graph = read([name], cancellation)
        let order = graph.order(from: [name])
        let faults = staticFaults(graph, order, [name])
        if !faults.isEmpty { throw EvaluationErrors(faults) }
        let run = EvaluationRun(
            modules: order.modules, requests: [], provider: provider, options: options,
            cancellation: cancellation, printHandler: printHandler)
        var files: [ObjectIdentifier: ModuleName] = [:]
        for module in order.modules { files[ObjectIdentifier(module.file)] = module.name }
        return (try run.load(), files)
    }

    private func read(
        _ modules: [ModuleName], _ cancellation: EvaluationCancellation, followsLoads: Bool = true
    ) -> ModuleGraph {
        ModuleReader(
            provider: provider, threads: options.threads, followsLoads: followsLoads,
            maximumModules: options.limits.modules, cancellation: cancellation
        ).read(modules)
    }

    /// What is wrong before anything was run: modules in the order in which they would be run.
    private func staticFaults(
        _ graph: ModuleGraph, _ order: ModuleGraph.Order, _ roots: [ModuleName]
    ) -> [EvaluationFault] {
        var faults: [EvaluationFault] = []
        for case .unreadable(let problem)? in roots.map({ graph.entries[$0] }) {
            faults.append(EvaluationFault(problem))
        }
        let diagnostics = order.modules.flatMap(\.diagnostics) + order.unreadable + order.cycles
        return faults + diagnostics.map { .diagnostic($0) }
    }

    /// Functions that do not exist, or need arguments.
    private func requestFaults(
        _ graph: ModuleGraph, _ requests: [EvaluationRequest]
    ) -> [EvaluationFault] {
        requests.flatMap { request -> [EvaluationFault] in
            guard case .named(let names) = request.functions, let module = graph[request.module]
            else { return [] }
            return names.compactMap { module.listing.fault(of: $0) }
        }
    }
}

extension ModuleListing {
    /// Why a function can't be called as a target; nil if it can.
    fileprivate func fault(of name: String) -> EvaluationFault? {
        if let function = self[name] {
            if function.isTarget { return nil }
            return .diagnostic(
                Diagnostic(
                    .error, "`\(function.signature)` is no target: it needs arguments", in: file,
                    at: function.span,
                    hint: "give each parameter a default, or call it from a function without any"
                ))
        }
        let names = functions.map(\.name)
        let nearest = closestMatch(to: name, among: names)
        let known =
            names.isEmpty
            ? "it has none that is public"
            : "it has " + names.map { "`\($0)`" }.joined(separator: ", ")
        return .failure(
            message: "module `\(module)` has no function `\(name)`",
            hint: (nearest.map { "did you mean `\($0)`? " } ?? "") + known, callStack: [])
    }
}
