/// Reads a graph from JSON in one pass, and goes on after faults to find them all.
///
/// A value of the wrong type or form is noted and skipped; only what is not JSON ends the reading.
/// `+Values` reads what a derivation is made of.
struct GraphReader {
    var scanner: JSONScanner
    var faults: FaultList
    /// Where the scanner is.
    var path = JSONPath()
    private let limits: GraphLimits
    private var nodes: [GraphNode] = []
    private var roots: [DerivationHash] = []

    private init(_ text: UnsafeBufferPointer<UInt8>, _ limits: GraphLimits) throws(Fault) {
        scanner = try JSONScanner(text, limits: limits.text)
        faults = FaultList(limit: limits.faults)
        self.limits = limits
    }

    static func read(
        _ text: UnsafeBufferPointer<UInt8>, _ limits: GraphLimits
    ) throws(ValidationError) -> DerivationGraph {
        var reader: GraphReader
        do throws(Fault) {
            reader = try GraphReader(text, limits)
        } catch {
            throw ValidationError(error)
        }
        return try reader.read()
    }

    private mutating func read() throws(ValidationError) -> DerivationGraph {
        do throws(Fault) {
            let isSupported = try readGraph()
            try scanner.finish()
            if !isSupported { throw unsupported() }
        } catch {
            locate()
            if error.code == .unsupportedSchema { throw ValidationError(error) }
            faults.add(error, at: path)
            try faults.check()
        }
        sortNodes()
        var check = GraphCheck(nodes: nodes)
        check.run(roots: roots, &faults)
        locate()
        try faults.check()
        return DerivationGraph(check, roots: roots)
    }

    /// - Returns: Whether the schema is the one that is known here.
    private mutating func readGraph() throws(Fault) -> Bool {
        guard try isNext(.object) else { return true }
        var fields = FieldSet(["derivations", "roots", "schema"])
        var isSupported = true
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            path.components.append(.key(key))
            switch try take(key, of: &fields) {
            case 0: try readDerivations()
            case 1: try readRoots()
            case 2: isSupported = try readText() == DerivationGraph.schema
            default: try scanner.skipValue()
            }
            path.components.removeLast()
        }
        require("schema", of: fields, hint: "write `\"schema\":\"\(DerivationGraph.schema)\"`")
        return isSupported
    }

    private func unsupported() -> Fault {
        var fault = Fault(
            .unsupportedSchema, "the text is not of the format `\(DerivationGraph.schema)`",
            hint: "write graphs in this format, or use a Bramble that knows the other one")
        fault.path = JSONPath([.key("schema")])
        fault.offset = offset(of: fault.path)
        return fault
    }

    private mutating func readDerivations() throws(Fault) {
        guard try isNext(.object) else { return }
        try scanner.beginObject()
        var count = 0
        while let key = try scanner.nextKey() {
            count += 1
            guard count <= limits.derivations else {
                throw scanner.fault(
                    .limit, "there are more than \(limits.derivations) derivations",
                    hint: "split the graph")
            }
            path.components.append(.key(key))
            try readNode(key)
            path.components.removeLast()
        }
        if count == 0 { addRedundant("leave out the empty object") }
    }

    private mutating func readNode(_ text: String) throws(Fault) {
        let offset = scanner.offset
        let key = parse(text) { text throws(Fault) in try DerivationHash(text) }
        let content = try readContent()
        guard let key, let content else { return }
        nodes.append(GraphNode(key: key, content: content, offset: offset))
    }

    private mutating func readRoots() throws(Fault) {
        guard try isNext(.array) else { return }
        let count = faults.count
        roots = try readList { text throws(Fault) in try DerivationHash(text) }
        if roots.isEmpty && faults.count == count { addRedundant("leave out the empty list") }
    }

    /// Sorts the derivations by key, and refuses those that come twice.
    private mutating func sortNodes() {
        guard !zip(nodes, nodes.dropFirst()).allSatisfy({ $0.key < $1.key }) else { return }
        var unique: [GraphNode] = []
        for node in nodes.sorted(by: { $0.key < $1.key }) {
            if node.key != unique.last?.key {
                unique.append(node)
                continue
            }
            var fault = Fault(
                .duplicateKey, "the derivation `\(node.key)` is there twice",
                hint: "write each derivation once")
            fault.offset = node.offset
            faults.add(fault, at: GraphCheck.path(of: node.key))
        }
        nodes = unique
    }

    /// Finds out where the faults are that were found after their place was read.
    private mutating func locate() {
        let reader = self
        faults.locate { reader.offset(of: $0) }
    }

    private func offset(of path: JSONPath) -> Int {
        let components = path.components
        if components.count >= 2, components[0] == .key("derivations"),
            case .key(let text) = components[1], let key = ShortHash(text.utf8),
            let start = offset(of: DerivationHash(hash: key))
        {
            return scanner.offset(of: components[2...], from: start)
        }
        return scanner.offset(of: components[...], from: 0)
    }

    /// Where a derivation's object begins. The nodes need not be sorted yet when a text breaks off.
    private func offset(of key: DerivationHash) -> Int? {
        nodes.sortedIndex(of: key, by: \.key).map { nodes[$0].offset }
    }
}
