public import BrambleModel

/// What came of a build.
public struct BuildResult: Sendable {
    /// An output that is in the store.
    public struct Output: Sendable {
        public let name: OutputName
        /// Its path for builds and programs.
        public let path: StorePath
        /// Its path on this machine.
        public let diskPath: String
    }

    /// A derivation that was asked for.
    public struct Derivation: Sendable {
        public let hash: DerivationHash
        public let name: DerivationName
        /// In the derivation's order; none if it was not built.
        public let outputs: [Output]
    }

    /// What was asked for by one name.
    public struct Target: Sendable {
        /// As in `Evaluation.Function`; of a graph, the hash of a root.
        public let name: String
        public let derivations: [Derivation]
    }

    /// A derivation that could not be built.
    public struct Failure: Sendable {
        public let derivation: DerivationHash
        public let name: DerivationName
        public let failure: BuildFailure
    }

    public let targets: [Target]
    /// In the order in which they happened; none if all is there.
    public let failures: [Failure]
    /// Of a dry run, what would be built, as far as that can be known: sorted by name.
    public let pending: [DerivationName]
    /// What the project's files printed when they were evaluated.
    public let messages: [String]
    /// Whether nothing had to be looked at but the sources.
    public let wasUpToDate: Bool

    public var isSuccess: Bool { failures.isEmpty }
}
