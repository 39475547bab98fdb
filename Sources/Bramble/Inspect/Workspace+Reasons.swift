import BrambleModel
import BrambleProject
import BrambleStore

extension Workspace {
    /// Which leaf has changed since a target was last built; if none has, which one was the reason
    /// for that build.
    ///
    /// - Throws: As `evaluate`; `usage` if the target stands for several functions.
    public func reasons(
        for target: String, in store: Store, cancellation: Cancellation = Cancellation()
    ) throws(BrambleError) -> Reasons {
        let evaluation = try evaluate([target], cancellation: cancellation)
        guard let function = evaluation.functions.first, evaluation.functions.count == 1 else {
            throw BrambleError(
                .usage, "the target `\(target)` stands for \(evaluation.functions.count) functions",
                hint: "name one, as in `./lib:server`")
        }
        let history = BuildHistory(location.root, store.local)
        guard let record = try history.find(function.target) else {
            return Reasons(comparison: .neverBuilt, leaves: [])
        }
        let graph = try evaluation.graph()
        let roots = function.derivations.map(\.hash)
        let lock = try readLocks(evaluation).all
        let now = try input(graph, roots, sourceFolders(evaluation), lock, store)
        let leaves = try compare(
            record.last, history, with: now.graph, roots, now.sources, in: store)
        if !leaves.isEmpty { return Reasons(comparison: .sinceLastBuild, leaves: leaves) }
        guard let previous = record.previous, let last = try history.graph(of: record.last) else {
            return Reasons(comparison: .onlyBuild, leaves: [])
        }
        return Reasons(
            comparison: .ofLastBuild,
            leaves: try compare(
                previous, history, with: last, record.last.roots, record.last.sources, in: store))
    }

    private func compare(
        _ old: BuildHistory.Entry, _ history: BuildHistory, with graph: DerivationGraph,
        _ roots: [DerivationHash], _ sources: [BuildInput.SourceTree], in store: Store
    ) throws(BrambleError) -> [Reasons.Leaf] {
        guard let oldGraph = try history.graph(of: old) else { return [] }
        return GraphComparison(
            old: oldGraph, new: graph, oldSources: Workspace.digests(old.sources),
            newSources: Workspace.digests(sources)
        ) { derivation, before, after in
            self.changedFiles(derivation, before, after, store)
        }.leaves(oldRoots: old.roots, newRoots: roots)
    }

    private static func digests(
        _ sources: [BuildInput.SourceTree]
    ) -> [DerivationHash: Digest] {
        Dictionary(sources.map { ($0.derivation, $0.tree) }) { first, _ in first }
    }

    /// Which files of a derivation's sources have changed, as far as the store still has what they
    /// were.
    private func changedFiles(
        _ derivation: Derivation, _ before: Digest, _ after: Digest, _ store: Store
    ) -> [String] {
        // Without the old sources it is only said that they changed.
        guard let old = try? store.local.readTree(of: StoreName(tree: before)) else { return [] }
        let new: Tree
        if let known = try? store.local.readTree(of: StoreName(tree: after)) {
            new = known
        } else if let sources = derivation.sources, sources.package == nil,
            let walked = try? store.local.sourceTrees(location.root, [sources.paths])
        {
            new = walked[0].tree
        } else {
            return []
        }
        let (one, other) = (TreeEntries(old).byPath, TreeEntries(new).byPath)
        return Set(one.keys).union(other.keys).sorted().compactMap { path in
            switch (one[path], other[path]) {
            case (nil, .directory), (.directory, nil): nil
            case (nil, _): "source `\(path)` is new"
            case (_, nil): "source `\(path)` is gone"
            case (let old, let new): old == new ? nil : "source `\(path)` changed"
            }
        }
    }
}
