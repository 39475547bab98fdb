package import BrambleModel

/// That a build has happened, and what came of it.
package struct BuildRecord: Codable, Hashable, Sendable {
    /// What only who has built knows.
    package struct Facts: Codable, Hashable, Sendable {
        package var key: BuildKey
        package var derivation: DerivationName
        package var durationMilliseconds: Int
        /// When it ended, in seconds since 1970.
        package var finishedAt: Int
        /// The machine, as it calls itself.
        package var machine: String
        /// A blob with what the build has printed.
        package var log: Digest?
        /// A blob with the resolved derivation, in canonical JSON.
        package var resolvedDerivation: Digest?

        enum CodingKeys: String, CodingKey {
            case key, derivation, machine, log
            case durationMilliseconds = "duration_ms"
            case finishedAt = "finished_at"
            case resolvedDerivation = "resolved_derivation"
        }

        package init(key: BuildKey, derivation: DerivationName, finishedAt: Int) {
            self.key = key
            self.derivation = derivation
            self.finishedAt = finishedAt
            durationMilliseconds = 0
            machine = ""
        }
    }

    /// The format of the text.
    package static let schema = "bramble/build-record/1"

    package let schema: String
    package let facts: Facts
    /// Sorted by output.
    package let outputs: [BuiltOutput]

    package init(_ facts: Facts, outputs: [BuiltOutput]) {
        schema = BuildRecord.schema
        self.facts = facts
        self.outputs = outputs.sorted { $0.output < $1.output }
    }
}
