/// What an evaluation yields: a graph, and for each module what its functions returned. Any front end
/// may write it.
///
/// There is one graph for all modules, as they share most of what they need.
public struct EvaluationOutput: Codable, Hashable, Sendable {
    /// All derivations that functions returned, as roots, and those that runs and tests need.
    public let graph: DerivationGraph
    /// In the order in which they were asked for.
    public let modules: [ModuleOutput]

    enum CodingKeys: String, CodingKey {
        case graph, modules
    }

    /// - Throws: Derivations of functions that the graph lacks.
    public init(graph: DerivationGraph, modules: [ModuleOutput]) throws(ValidationError) {
        self.graph = graph
        self.modules = modules
        var faults = FaultList()
        for (number, module) in modules.enumerated() {
            check(module, at: JSONPath([.key("modules"), .index(number)]), &faults)
        }
        try faults.check()
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            graph: try container.decode(DerivationGraph.self, forKey: .graph),
            modules: try container.decode([ModuleOutput].self, forKey: .modules))
    }

    private func check(_ module: ModuleOutput, at path: JSONPath, _ faults: inout FaultList) {
        for (number, function) in module.functions.enumerated() {
            let path = path.appending("functions").appending(number)
            check(function.derivations, at: path.appending("derivations"), &faults)
            check(function.runs.map(\.derivation), at: path.appending("runs"), &faults)
            check(function.tests.map(\.derivation), at: path.appending("tests"), &faults)
        }
    }

    private func check(
        _ hashes: [DerivationHash], at path: JSONPath, _ faults: inout FaultList
    ) {
        for (index, hash) in hashes.enumerated() where graph.index(of: hash) == nil {
            faults.add(
                Fault(
                    .missingDerivation, "the derivation `\(hash)` is not in the graph",
                    hint: "put it there"), at: path.appending(index))
        }
    }
}
