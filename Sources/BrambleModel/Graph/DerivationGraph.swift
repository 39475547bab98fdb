/// Derivations, all that they refer to, and which of them are wanted: what evaluation yields and
/// what is built (DESIGN, "Anatomy").
///
/// That a graph exists proves that every reference in it leads to an output of a derivation in it,
/// without cycles, and that each derivation stands under its own hash. All lists are sorted, so
/// that equal graphs are equal to the byte, whatever the order in which they were put together.
public struct DerivationGraph: Sendable {
    /// Sorted by hash. What follows knows derivations by their numbers in this list.
    public let derivations: [Derivation]
    /// The derivations that are wanted: sorted, each once.
    public let roots: [DerivationHash]
    /// All numbers, each after those of its dependencies. It depends on the graph alone.
    public let buildOrder: [Int]
    let edges: GraphEdges
    private let buckets: HashBuckets

    /// The graph without derivations.
    public init() {
        derivations = []
        roots = []
        buildOrder = []
        edges = GraphEdges()
        buckets = HashBuckets([])
    }

    /// Puts together a graph.
    ///
    /// - Parameters:
    ///   - derivations: In any order; equal ones count once.
    ///   - roots: In any order.
    /// - Throws: All references that lead nowhere, and roots that are not there.
    public init(
        _ derivations: some Sequence<Derivation>, roots: some Sequence<DerivationHash>
    ) throws(ValidationError) {
        let given = Array(derivations)
        // Numbers are moved, not derivations, which would be counted as they are.
        var numbers = given.indices.map { (hash: given[$0].hash, number: $0) }
        numbers.sort { $0.hash < $1.hash }
        var unique: [GraphNode] = []
        unique.reserveCapacity(numbers.count)
        for (hash, number) in numbers where unique.last?.key != hash {
            unique.append(GraphNode(key: hash, content: .valid(given[number]), offset: 0))
        }
        let sortedRoots = Set(roots).sorted()
        var faults = FaultList()
        var check = GraphCheck(nodes: unique)
        check.run(roots: sortedRoots, &faults)
        try faults.check()
        self.init(check, roots: sortedRoots)
    }

    /// - Parameter check: It has run, and found nothing.
    init(_ check: GraphCheck, roots: [DerivationHash]) {
        derivations = check.nodes.map { node in
            guard case .valid(let derivation) = node.content else {
                preconditionFailure("a derivation with faults is in a graph without")
            }
            return derivation
        }
        self.roots = roots
        edges = check.edges
        buckets = check.buckets
        buildOrder = check.order.map { Int($0) }
    }

    /// The number of a derivation; nil if it is not there.
    public func index(of hash: DerivationHash) -> Int? {
        derivations.sortedIndex(of: hash, in: buckets.range(of: hash)) { $0.hash }
    }

    /// The derivation of a hash; nil if it is not there.
    public subscript(hash: DerivationHash) -> Derivation? {
        index(of: hash).map { derivations[$0] }
    }

    /// The numbers of the derivations that one refers to: sorted, each once.
    public func dependencies(of index: Int) -> [Int] {
        edges.targets(of: index).map { Int($0) }
    }

    /// The one derivation that is wanted; nil if there are none or several. A graph that
    /// `derivation_output` takes has one.
    public var onlyRoot: Derivation? {
        roots.count == 1 ? self[roots[0]] : nil
    }

    /// The part of the graph that some derivations need, with them as its roots.
    ///
    /// - Throws: The roots that are not there.
    public func closure(
        of roots: some Sequence<DerivationHash>
    ) throws(ValidationError) -> DerivationGraph {
        let wanted = Array(roots)
        var isNeeded = [Bool](repeating: false, count: derivations.count)
        for case let index? in wanted.map({ self.index(of: $0) }) { isNeeded[index] = true }
        for index in buildOrder.reversed() where isNeeded[index] {
            for dependency in edges.targets(of: index) { isNeeded[Int(dependency)] = true }
        }
        let kept = derivations.indices.filter { isNeeded[$0] }.map { derivations[$0] }
        return try DerivationGraph(kept, roots: wanted)
    }
}

extension DerivationGraph: Hashable {
    public static func == (left: DerivationGraph, right: DerivationGraph) -> Bool {
        left.roots == right.roots && left.derivations == right.derivations
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(roots)
        hasher.combine(derivations)
    }
}

extension Array {
    /// Where an element with a key is, in a list that is sorted by that key.
    ///
    /// - Parameter range: Where to look for it; nil for everywhere.
    func sortedIndex<Key: Comparable>(
        of key: Key, in range: Range<Int>? = nil, by keyOf: (Element) -> Key
    ) -> Int? {
        var (low, high) = (range?.lowerBound ?? 0, range?.upperBound ?? count)
        while low < high {
            let middle = (low + high) / 2
            if keyOf(self[middle]) < key { low = middle + 1 } else { high = middle }
        }
        return low < count && keyOf(self[low]) == key ? low : nil
    }
}
