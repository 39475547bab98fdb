import BrambleModel

/// The recipe keys of what a build wants, by what is known once it is over: under them its results are
/// found again from the top.
struct WantedRecipes {
    private(set) var keys: [DerivationHash: RecipeKey] = [:]

    /// - Parameter output: What the build has learned counts as known.
    init(_ input: BuildInput, _ output: BuildOutput) {
        let facts = FetchFacts(
            urlHashes: input.urlHashes + output.newURLHashes,
            gitPins: input.gitPins + output.newGitPins)
        let sources = Dictionary(
            input.sources.map {
                ($0.derivation, BuildGraph.Sources(origin: .given, tree: $0.tree))
            }, uniquingKeysWith: { first, _ in first })
        var graph = BuildGraph()
        let added = graph.add(
            BuildGraph.Addition(
                graph: input.graph, wanted: input.wanted, sources: sources, facts: facts, depth: 0))
        for number in added.wanted where !graph.nodes[number].isUnlocked {
            keys[graph.nodes[number].derivation.hash] = graph.nodes[number].key
        }
    }
}
