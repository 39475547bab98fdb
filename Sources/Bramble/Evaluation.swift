public import BrambleModel

/// What the evaluation of some targets gives.
public struct Evaluation: Sendable {
    /// A derivation by name and hash.
    public struct Root: Hashable, Sendable {
        public let name: DerivationName
        public let hash: DerivationHash
    }

    /// What one function returned.
    public struct Function: Sendable {
        /// The function as a target: `./lib:greet`, `example.org/x/lib:greet`.
        public let target: String
        /// In the order in which they were returned.
        public let derivations: [Root]
        public let runs: [ModuleOutput.Run]
        public let tests: [ModuleOutput.Test]
    }

    /// A package that the project depends on, directly or not.
    struct Package: Hashable {
        let name: PackageName
        /// Absolute.
        let folder: String
    }

    /// In the order of the targets, each once; of a pattern, by module and then by name.
    public let functions: [Function]
    /// What the project's files printed, in an order that depends on them only.
    public let messages: [String]
    /// The hash of `graphJSON`, which is known without reading that.
    public var graphHash: ContentHash { graphText.hash }
    /// Sorted by name: so whoever builds what was evaluated need not read the manifests again.
    let packages: [Package]
    let graphText: GraphText

    init(
        functions: [Function], messages: [String], packages: [Package], graphText: GraphText
    ) {
        self.functions = functions
        self.messages = messages
        self.packages = packages
        self.graphText = graphText
    }

    /// The derivations returned, as roots, and all they need: canonical, `docs/derivation-format.md`.
    /// It may lie in a file until somebody asks.
    ///
    /// - Throws: If that file was lost: what `Workspace.evaluate` throws.
    public func graphJSON() throws(BrambleError) -> [UInt8] { try graphText.bytes() }

    /// The graph. Reading it takes time linear in its size, if it comes from the cache.
    ///
    /// - Throws: As `graphJSON`.
    public func graph() throws(BrambleError) -> DerivationGraph {
        try graphText.graph()
    }
}
