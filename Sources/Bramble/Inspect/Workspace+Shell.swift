import BrambleBuild
public import BrambleModel
import BrambleProject
import BrambleStore

extension Workspace {
    /// Builds all that a target's build needs, for its sandbox to be entered.
    ///
    /// - Parameter evaluated: Gets what is to be built, before that begins.
    /// - Returns: nil if something of it could not be built.
    /// - Throws: As `build`; `usage` if the target does not stand for one derivation that is run.
    public func shell(
        _ target: String, in store: Store, _ settings: BuildSettings,
        cancellation: Cancellation = Cancellation(),
        evaluated: @escaping @Sendable (Evaluation) -> Void = { _ in },
        report: @escaping @Sendable (BuildEvent) -> Void
    ) async throws(BrambleError) -> BuildShell? {
        let evaluation = try evaluate([target], cancellation: cancellation)
        evaluated(evaluation)
        let graph = try evaluation.graph()
        let derivation = try ShellTarget(evaluation, target, graph).derivation
        let inputs = derivation.references.map(\.derivation)
        let build = try await build(
            WorkspaceBuild.Request(evaluation, wanted: inputs), in: store, settings,
            report: report)
        guard build.result.isSuccess else { return nil }
        var resolution = ResolvedDerivation.Inputs()
        for reference in derivation.references {
            resolution.outputs[reference] = build.path(of: reference)?.name
        }
        resolution.sources = try sourceObject(derivation, evaluation, store)
        let found = resolution
        let resolved = try BrambleError.modelling("the build of `\(target)`") {
            () throws(ValidationError) in try ResolvedDerivation(derivation, found)
        }
        return BuildShell(name: derivation.name, derivation: derivation.hash, resolved: resolved)
    }

    /// Takes the derivation's sources into the store.
    private func sourceObject(
        _ derivation: Derivation, _ evaluation: Evaluation, _ store: Store
    ) throws(BrambleError) -> Digest? {
        guard let sources = derivation.sources else { return nil }
        let folder = try sourceFolders(evaluation).folder(of: sources.package)
        return try BrambleError.storing { () throws(StoreError) in
            let tree = try store.local.sourceTrees(folder, [sources.paths])[0].tree.root
            _ = try store.local.addSources(folder, paths: sources.paths, expecting: tree)
            return tree
        }
    }
}

/// The one derivation of a target whose sandbox can be entered.
private struct ShellTarget {
    let derivation: Derivation

    init(
        _ evaluation: Evaluation, _ target: String, _ graph: DerivationGraph
    ) throws(BrambleError) {
        let hashes = Set(
            evaluation.functions.flatMap { function in
                function.derivations.map(\.hash) + function.tests.map(\.derivation)
            })
        guard let hash = hashes.first, hashes.count == 1, let found = graph[hash] else {
            throw BrambleError(
                .usage, "the target `\(target)` stands for \(hashes.count) derivations",
                hint: "name a function that returns one")
        }
        guard !found.kind.isFetch else {
            throw BrambleError(.usage, "`\(found.name)` is fetched, not built in a sandbox")
        }
        derivation = found
    }
}
