import BrambleModel

/// The derivations of a running build, by number. It grows when graphs are spliced in.
///
/// One derivation may be there twice, if what stands at its sources' paths is not the same: once in
/// the project, once in what a `derivation_output` has written.
struct BuildGraph {
    /// Where the sources of a derivation come from.
    enum SourceOrigin: Hashable {
        /// Whoever asked for the build has them.
        case given
        /// They are files of an object: what a `derivation_output` has written.
        case object(StoreName)
    }

    struct Sources: Hashable {
        let origin: SourceOrigin
        let tree: Digest
    }

    struct Node {
        let derivation: Derivation
        let key: RecipeKey
        /// For each derivation that it refers to, its number.
        let inputs: [DerivationHash: Int]
        let sources: Sources?
        /// Objects that it names by their paths, and may use.
        let objects: [StoreName]
        /// How many `derivation_output` stand around it.
        let depth: Int
        /// Whether it, or something that it needs, fetches what is not known yet. Such a node can't
        /// be recalled by its recipe key.
        let isUnlocked: Bool
    }

    private(set) var nodes: [Node] = []
    private var numbers: [RecipeKey: Int] = [:]

    /// What a graph is added with.
    struct Addition {
        let graph: DerivationGraph
        let wanted: [DerivationHash]
        let sources: [DerivationHash: Sources]
        /// Of derivations that name objects by their paths, and may use them: which.
        var objects: [DerivationHash: [StoreName]] = [:]
        let facts: FetchFacts
        let depth: Int
    }

    /// Adds what is wanted of a graph, with all that it needs.
    ///
    /// - Returns: The numbers of what is wanted, in that order; and of what is new, of which each
    ///   stands behind what it needs.
    mutating func add(_ addition: Addition) -> (wanted: [Int], new: Range<Int>) {
        let graph = addition.graph
        let first = nodes.count
        let needed = BuildGraph.needed(addition.wanted, graph)
        var numbersByIndex: [Int: Int] = [:]
        for index in graph.buildOrder where needed[index] {
            numbersByIndex[index] = add(
                graph.derivations[index], addition,
                inputs: graph.dependencies(of: index).compactMap { numbersByIndex[$0] })
        }
        let wanted = addition.wanted.compactMap { hash in
            graph.index(of: hash).flatMap { numbersByIndex[$0] }
        }
        return (wanted, first..<nodes.count)
    }

    private static func needed(_ wanted: [DerivationHash], _ graph: DerivationGraph) -> [Bool] {
        var needed = [Bool](repeating: false, count: graph.derivations.count)
        for case let index? in wanted.map({ graph.index(of: $0) }) { needed[index] = true }
        for index in graph.buildOrder.reversed() where needed[index] {
            for dependency in graph.dependencies(of: index) { needed[dependency] = true }
        }
        return needed
    }

    /// - Returns: The number of the derivation, which may have been there.
    private mutating func add(
        _ derivation: Derivation, _ addition: Addition, inputs: [Int]
    ) -> Int {
        let sources = addition.sources[derivation.hash]
        let objects = addition.objects[derivation.hash] ?? []
        let key = RecipeKey(
            derivation.hash, sources: sources?.tree, fact: addition.facts.text(for: derivation),
            objects: objects, dependencies: inputs.map { nodes[$0].key })
        if let known = numbers[key] { return known }
        let isUnlocked =
            addition.facts.isUnlocked(derivation) || inputs.contains { nodes[$0].isUnlocked }
        nodes.append(
            Node(
                derivation: derivation, key: key,
                inputs: Dictionary(
                    uniqueKeysWithValues: inputs.map { (nodes[$0].derivation.hash, $0) }),
                sources: sources, objects: objects, depth: addition.depth, isUnlocked: isUnlocked))
        numbers[key] = nodes.count - 1
        return nodes.count - 1
    }
}
