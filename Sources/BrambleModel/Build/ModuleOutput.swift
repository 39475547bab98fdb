/// What the evaluation of a module yields: for each function called, what it returned. Any front
/// end may write it.
public struct ModuleOutput: Codable, Hashable, Sendable {
    /// What one function returned.
    public struct Function: Codable, Hashable, Sendable {
        public let name: String
        /// The derivations returned, in the order in which they were.
        public let derivations: [DerivationHash]
        public let runs: [Run]
        public let tests: [Test]

        public init(
            name: String, derivations: [DerivationHash], runs: [Run] = [], tests: [Test] = []
        ) {
            self.name = name
            self.derivations = derivations
            self.runs = runs
            self.tests = tests
        }
    }

    /// The module, as targets spell it.
    public let module: String
    /// All derivations that the functions returned, as roots, and those that runs and tests need.
    public let graph: DerivationGraph
    /// In the order in which they were called.
    public let functions: [Function]

    enum CodingKeys: String, CodingKey {
        case module, graph, functions
    }

    /// - Throws: Derivations of functions that the graph lacks.
    public init(
        module: String, graph: DerivationGraph, functions: [Function]
    ) throws(ValidationError) {
        self.module = module
        self.graph = graph
        self.functions = functions
        try check()
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            module: try container.decode(String.self, forKey: .module),
            graph: try container.decode(DerivationGraph.self, forKey: .graph),
            functions: try container.decode([Function].self, forKey: .functions))
    }

    private func check() throws(ValidationError) {
        var faults = FaultList()
        for (number, function) in functions.enumerated() {
            let path = JSONPath([.key("functions"), .index(number)])
            for (index, hash) in function.derivations.enumerated() {
                check(hash, at: path.appending("derivations").appending(index), &faults)
            }
            for (index, run) in function.runs.enumerated() {
                check(run.derivation, at: path.appending("runs").appending(index), &faults)
            }
            for (index, test) in function.tests.enumerated() {
                check(test.derivation, at: path.appending("tests").appending(index), &faults)
            }
        }
        try faults.check()
    }

    private func check(
        _ hash: DerivationHash, at path: JSONPath, _ faults: inout FaultList
    ) {
        guard graph.index(of: hash) == nil else { return }
        faults.add(
            Fault(
                .missingDerivation, "the derivation `\(hash)` is not in the graph",
                hint: "put it there"), at: path)
    }
}

extension ModuleOutput {
    /// A program of a derivation, and what it may do: the value of `run()` in the language.
    public struct Run: Codable, Hashable, Sendable {
        public let derivation: DerivationHash
        /// The program, from the derivation's output, or absolute.
        public var cmd: String
        public var args: [String] = []
        /// Paths of the host that it may read and write.
        public var paths: [String] = []
        public var readOnlyPaths: [String] = []
        /// Paths below those that it may not see.
        public var hiddenPaths: [String] = []
        public var network = false

        enum CodingKeys: String, CodingKey {
            case derivation, cmd, args, paths, network
            case readOnlyPaths = "read_only_paths"
            case hiddenPaths = "hidden_paths"
        }

        public init(derivation: DerivationHash, cmd: String) {
            self.derivation = derivation
            self.cmd = cmd
        }
    }

    /// A derivation whose builder is a test: the value of `test()` in the language.
    public struct Test: Codable, Hashable, Sendable {
        public let derivation: DerivationHash
        public let args: [String]

        public init(derivation: DerivationHash, args: [String] = []) {
            self.derivation = derivation
            self.args = args
        }
    }
}
