/// What the evaluation of a module yields: for each function called, what it returned. The
/// derivations are in the graph of the `EvaluationOutput`.
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
    /// In the order in which they were called.
    public let functions: [Function]

    public init(module: String, functions: [Function]) {
        self.module = module
        self.functions = functions
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
