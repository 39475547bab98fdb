/// An output that was built, or found: what is in the store now.
public struct BuiltOutput: Codable, Hashable, Sendable {
    public let output: OutputName
    public let name: StoreName
    /// The tree, with the names of outputs in it as they are.
    public let tree: Digest

    public init(output: OutputName, name: StoreName, tree: Digest) {
        self.output = output
        self.name = name
        self.tree = tree
    }

    public var path: StorePath { StorePath(name) }
}

/// A derivation and what it turned out to be.
public struct BuiltDerivation: Codable, Hashable, Sendable {
    public let derivation: DerivationHash
    /// Under which its outputs can be found again.
    public let key: BuildKey
    /// In the order of the derivation's own outputs.
    public let outputs: [BuiltOutput]

    public init(derivation: DerivationHash, key: BuildKey, outputs: [BuiltOutput]) {
        self.derivation = derivation
        self.key = key
        self.outputs = outputs
    }
}

/// All that a build gives back.
public struct BuildOutput: Codable, Hashable, Sendable {
    /// What was wanted, and what it needed: sorted by derivation.
    public let built: [BuiltDerivation]
    /// What was fetched without a hash to check it against: sorted by URL.
    public let newURLHashes: [URLHash]
    /// References of Git that were looked up: sorted.
    public let newGitPins: [GitPin]

    enum CodingKeys: String, CodingKey {
        case built
        case newURLHashes = "new_url_hashes"
        case newGitPins = "new_git_pins"
    }

    /// - Parameters:
    ///   - built: In any order.
    ///   - newURLHashes: In any order.
    ///   - newGitPins: In any order.
    public init(
        built: [BuiltDerivation], newURLHashes: [URLHash] = [], newGitPins: [GitPin] = []
    ) {
        self.built = built.sorted { $0.derivation < $1.derivation }
        self.newURLHashes = newURLHashes.sorted()
        self.newGitPins = newGitPins.sorted()
    }

    /// What became of a derivation; nil if it was not built. Costs a binary search.
    public subscript(derivation: DerivationHash) -> BuiltDerivation? {
        built.sortedIndex(of: derivation, by: \.derivation).map { built[$0] }
    }
}
