import BrambleModel

/// What a build has come to so far.
struct OutcomeDraft {
    var summary = BuildSummary()
    var failures: [FailedDerivation] = []
    var newURLHashes: [URLHash] = []
    var newGitPins: [GitPin] = []

    /// - Parameter built: In any order; of a derivation that was built from several sources, one.
    func finished(
        built: [BuiltDerivation], pending: [DerivationName], isRepeatable: Bool
    ) -> BuildOutcome {
        BuildOutcome(
            output: BuildOutput(
                built: built, newURLHashes: Array(Set(newURLHashes)),
                newGitPins: Array(Set(newGitPins))),
            failures: failures, summary: summary, pending: pending.sorted(),
            isRepeatable: isRepeatable)
    }
}
