/// All that a build is given: from the command line, from a file, or over the wire.
public struct BuildInput: Codable, Hashable, Sendable {
    /// What the sources of a derivation contain: the digest of their tree.
    public struct SourceTree: Codable, Hashable, Sendable {
        public let derivation: DerivationHash
        public let tree: Digest

        public init(derivation: DerivationHash, tree: Digest) {
            self.derivation = derivation
            self.tree = tree
        }
    }

    public let graph: DerivationGraph
    /// The derivations to build, with all they need: sorted, each once, all in the graph.
    public let wanted: [DerivationHash]
    /// For derivations with sources: sorted by derivation, each once.
    public let sources: [SourceTree]
    /// What fetches must yield, as far as it is known: sorted by URL, each once.
    public let urlHashes: [URLHash]
    /// What references of Git mean, as far as it is known: sorted, each once.
    public let gitPins: [GitPin]

    enum CodingKeys: String, CodingKey, CaseIterable {
        case graph, wanted, sources
        case urlHashes = "url_hashes"
        case gitPins = "git_pins"
    }

    /// - Parameters:
    ///   - wanted: In any order; nil for the roots of the graph.
    ///   - sources: In any order.
    ///   - urlHashes: In any order.
    ///   - gitPins: In any order.
    /// - Throws: What is wanted, or has sources, and is not in the graph; and pins that contradict
    ///   each other.
    public init(
        graph: DerivationGraph, wanted: [DerivationHash]? = nil, sources: [SourceTree] = [],
        urlHashes: [URLHash] = [], gitPins: [GitPin] = []
    ) throws(ValidationError) {
        self.graph = graph
        self.wanted = Set(wanted ?? graph.roots).sorted()
        self.sources = Set(sources).sorted {
            ($0.derivation, $0.tree) < ($1.derivation, $1.tree)
        }
        self.urlHashes = Set(urlHashes).sorted()
        self.gitPins = Set(gitPins).sorted()
        try check()
    }

    /// Reads an input: all fields but `graph` may be absent. Unknown ones are refused, as what they
    /// mean would not be done.
    public init(from decoder: any Decoder) throws {
        try BuildInput.checkFields(of: decoder)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            graph: try container.decode(DerivationGraph.self, forKey: .graph),
            wanted: try container.decodeIfPresent([DerivationHash].self, forKey: .wanted),
            sources: try container.decodeIfPresent([SourceTree].self, forKey: .sources) ?? [],
            urlHashes: try container.decodeIfPresent([URLHash].self, forKey: .urlHashes) ?? [],
            gitPins: try container.decodeIfPresent([GitPin].self, forKey: .gitPins) ?? [])
    }

    private static func checkFields(of decoder: any Decoder) throws {
        var faults = FaultList()
        let known = Set(CodingKeys.allCases.map(\.stringValue))
        for key in try decoder.container(keyedBy: PathKey.self).allKeys
        where !known.contains(key.stringValue) {
            let path = JSONPath(codingPath: decoder.codingPath + [key])
            faults.add(
                Fault(
                    .unknownField, "the field \(quoted(key.stringValue)) is not known",
                    hint: "there are \(known.sorted().joined(separator: ", "))"), at: path)
        }
        try faults.check()
    }

    private func check() throws(ValidationError) {
        var faults = FaultList()
        for (index, hash) in wanted.enumerated() where graph.index(of: hash) == nil {
            faults.add(missing(hash), at: JSONPath([.key("wanted"), .index(index)]))
        }
        for (index, source) in sources.enumerated() {
            let path = JSONPath([.key("sources"), .index(index)])
            if graph.index(of: source.derivation) == nil {
                faults.add(missing(source.derivation), at: path)
            }
            if index > 0, sources[index - 1].derivation == source.derivation {
                faults.add(twice("the sources of `\(source.derivation)`"), at: path)
            }
        }
        for (index, pair) in zip(urlHashes, urlHashes.dropFirst()).enumerated()
        where pair.0.url == pair.1.url {
            let path = JSONPath([.key("url_hashes"), .index(index + 1)])
            faults.add(twice("the hash of `\(pair.0.url)`"), at: path)
        }
        for (index, pair) in zip(gitPins, gitPins.dropFirst()).enumerated()
        where pair.0.url == pair.1.url && pair.0.reference.hasSameBytes(as: pair.1.reference) {
            let path = JSONPath([.key("git_pins"), .index(index + 1)])
            faults.add(twice("\(quoted(pair.0.reference)) of `\(pair.0.url)`"), at: path)
        }
        try faults.check()
    }

    private func missing(_ hash: DerivationHash) -> Fault {
        Fault(
            .missingDerivation, "the derivation `\(hash)` is not in the graph",
            hint: "name derivations of the graph only")
    }

    private func twice(_ object: String) -> Fault {
        Fault(.duplicate, "\(object) is given twice, and differs", hint: "give each once")
    }
}
