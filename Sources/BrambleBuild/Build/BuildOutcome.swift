package import BrambleModel

/// How a build has ended.
package struct BuildOutcome: Sendable {
    /// What was built or found, and the facts that were learned; also of a build that failed.
    package let output: BuildOutput
    /// What failed, in the order in which it did; none if all that was wanted is there.
    package let failures: [FailedDerivation]
    package let summary: BuildSummary
    /// Of a dry run, what would have to be built, or is behind something that would: sorted.
    package let pending: [DerivationName]
    /// Whether the result depends on nothing but recipes, sources and facts, so that it can be found
    /// again by them.
    package let isRepeatable: Bool

    package var isSuccess: Bool { failures.isEmpty }
}

/// A derivation that could not be built: in JSON, what an event of the kind `failed` has.
package struct FailedDerivation: Codable, Hashable, Sendable {
    package let derivation: DerivationHash
    package let name: DerivationName
    package let failure: BuildFailure

    package init(derivation: DerivationHash, name: DerivationName, failure: BuildFailure) {
        self.derivation = derivation
        self.name = name
        self.failure = failure
    }
}
