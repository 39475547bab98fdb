package import BrambleModel
package import BrambleStore

/// A build that failed, so that its log can be read and its sandbox entered afterwards.
package struct FailureRecord: Codable, Sendable {
    package static let schema = "bramble/build-failure/1"

    package let schema: String
    package let derivation: DerivationHash
    package let name: DerivationName
    package let failure: BuildFailure
    /// In seconds since 1970.
    package let failedAt: Int
    /// A blob with what the builder has printed.
    package let log: Digest?
    /// What was built; nil for fetches.
    package let resolved: ResolvedDerivation?

    enum CodingKeys: String, CodingKey {
        case schema, derivation, name, failure, log, resolved
        case failedAt = "failed_at"
    }

    package init(
        derivation: DerivationHash, name: DerivationName, failure: BuildFailure, log: Digest?,
        resolved: ResolvedDerivation?
    ) {
        schema = FailureRecord.schema
        self.derivation = derivation
        self.name = name
        self.failure = failure
        failedAt = HostMachine.secondsNow
        self.log = log
        self.resolved = resolved
    }

    private static let kind = "failure"
    private static let last = "last"

    /// Keeps the record as that of its derivation, and as the last one of all.
    func keep(in store: LocalStore) throws(StoreError) {
        let bytes: [UInt8]
        do {
            bytes = try CanonicalJSON.encode(self)
        } catch {
            throw StoreError(.malformed, "cannot write the record of a failure: \(error)")
        }
        try store.setCachedValues(
            [(derivation.description, bytes), (FailureRecord.last, bytes)], FailureRecord.kind)
    }

    /// The last failure of a derivation; or the last of all if none is named.
    package static func find(
        _ derivation: DerivationHash?, in store: LocalStore
    ) throws(StoreError) -> FailureRecord? {
        let key = derivation?.description ?? last
        guard let bytes = try store.cachedValue(kind, key) else { return nil }
        // A record of another version is none.
        return try? CanonicalJSON.decode(FailureRecord.self, from: bytes)
    }
}
