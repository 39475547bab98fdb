/// Finds all that is wrong between the derivations of a graph, and the order in which to build
/// them.
struct GraphCheck {
    /// Sorted by key, each key once.
    let nodes: [GraphNode]
    /// Those of the nodes, close together for searching.
    private let keys: [DerivationHash]
    let buckets: HashBuckets
    private(set) var edges = GraphEdges()
    private(set) var order: [Int32] = []

    init(nodes: [GraphNode]) {
        self.nodes = nodes
        keys = nodes.map(\.key)
        buckets = HashBuckets(keys)
    }

    private func number(of key: DerivationHash) -> Int? {
        keys.sortedIndex(of: key, in: buckets.range(of: key)) { $0 }
    }

    static func path(of key: DerivationHash) -> JSONPath {
        JSONPath([.key("derivations"), .key(key.description)])
    }

    mutating func run(roots: [DerivationHash], _ faults: inout FaultList) {
        for node in nodes { checkReferences(node, &faults) }
        for (index, root) in roots.enumerated() { checkRoot(root, index, &faults) }
        let (order, cycles) = edges.order(cycleLimit: faults.limit)
        self.order = order
        for cycle in cycles { addCycle(cycle, &faults) }
        // Last, as derivations in a cycle can't have the right hash, and there may be many.
        for node in nodes { checkHash(node, &faults) }
    }

    private func checkHash(_ node: GraphNode, _ faults: inout FaultList) {
        guard case .valid(let derivation) = node.content, derivation.hash != node.key else {
            return
        }
        faults.add(
            Fault(
                .hashMismatch,
                "the hash of the derivation `\(derivation.name)` is `\(derivation.hash)`",
                hint: "write that hash as its key, and in references to it"),
            at: GraphCheck.path(of: node.key))
    }

    private mutating func checkReferences(_ node: GraphNode, _ faults: inout FaultList) {
        for reference in node.references {
            guard let target = number(of: reference.derivation) else {
                addMissingDerivation(reference, in: node, &faults)
                continue
            }
            if nodes[target].lacks(reference.output) {
                addMissingOutput(reference, of: nodes[target].fields, in: node, &faults)
            }
            // References are sorted, so those to one derivation stand together, in order.
            edges.append(target: Int32(target))
        }
        edges.finish()
    }

    private func checkRoot(_ root: DerivationHash, _ index: Int, _ faults: inout FaultList) {
        guard number(of: root) == nil else { return }
        faults.add(
            Fault(
                .missingDerivation, "the derivation `\(root)` is not in the graph",
                hint: "put it there, or leave out the root"),
            at: JSONPath([.key("roots"), .index(index)]))
    }

    private func addMissingDerivation(
        _ reference: Reference, in node: GraphNode, _ faults: inout FaultList
    ) {
        let path = GraphCheck.path(of: node.key).components
        faults.add(
            Fault(
                .missingDerivation,
                "the derivation `\(reference.derivation)` is not in the graph",
                hint: "put it there: a graph holds all that its derivations refer to"),
            at: JSONPath(path + node.fields.path(to: reference).components))
    }

    private func addMissingOutput(
        _ reference: Reference, of target: Derivation.Fields, in node: GraphNode,
        _ faults: inout FaultList
    ) {
        let outputs = target.outputs.map { "`\($0)`" }.joined(separator: ", ")
        let path = GraphCheck.path(of: node.key).components
        faults.add(
            Fault(
                .missingOutput,
                "the derivation `\(target.name)` has no output `\(reference.output)`",
                hint: "its outputs are \(outputs)"),
            at: JSONPath(path + node.fields.path(to: reference).components))
    }

    private func addCycle(_ cycle: [Int32], _ faults: inout FaultList) {
        let shown = cycle.prefix(longestShownCycle).map { number in
            let node = nodes[Int(number)]
            return "`\(node.fields.name)` (\(node.key))"
        }
        let more = cycle.count > shown.count ? ["\(cycle.count - shown.count) more"] : []
        let names = (shown + more + [shown[0]]).joined(separator: " → ")
        faults.add(
            Fault(
                .cycle, "derivations need each other: \(names)",
                hint: "remove one of these references"),
            at: GraphCheck.path(of: nodes[Int(cycle[0])].key))
    }
}

/// How many derivations of a cycle a message names.
private let longestShownCycle = 10

extension Derivation.Fields {
    /// Where a reference stands first.
    func path(to reference: Reference) -> JSONPath {
        func refers(_ text: String) -> Bool {
            // The texts of a derivation were scanned when it was made.
            ((try? Reference.scan(text)) ?? []).contains { $0.reference == reference }
        }
        if refers(builder) { return JSONPath([.key("builder")]) }
        if let index = args.firstIndex(where: refers) {
            return JSONPath([.key("args"), .index(index)])
        }
        if let entry = env.entries.first(where: { refers($0.value) }) {
            return JSONPath([.key("env"), .key(entry.name)])
        }
        if let entry = links.entries.first(where: { refers($0.value) }) {
            return JSONPath([.key("links"), .key(entry.name)])
        }
        return JSONPath()
    }
}
