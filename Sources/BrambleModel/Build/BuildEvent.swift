/// What a build reports while it runs, in the order in which it happens.
///
/// A derivation on which work is done has one `started`, perhaps one `joined`, any number of
/// `fetched` and `logged`. It ends, with that or without, with one of `reused`, `finished`,
/// `failed`, `skipped`; what is needed only by what is reused has no event at all. Times are the
/// observer's business, except how long something took. JSON has one key, the case:
/// `{"started":{"derivation":"…",…}}`.
public enum BuildEvent: Codable, Hashable, Sendable {
    /// The work begins: how many derivations there are, and how many of them may need something
    /// done. The first `reused` come before it.
    case planned(derivations: Int, pending: Int)
    /// Work on a derivation begins; how long it took the last time, if that is known.
    case started(
        derivation: DerivationHash, name: DerivationName, by: Means, expectedMilliseconds: Int?)
    /// The outputs of a derivation were there already, or another process has built them.
    case reused(derivation: DerivationHash, name: DerivationName)
    /// Another process builds the same; its result will be used, if there is one.
    case joined(derivation: DerivationHash, name: DerivationName)
    /// So much of a fetch has come; `of` is nil where nobody knows.
    case fetched(derivation: DerivationHash, bytes: Int, of: Int?)
    /// The builder wrote something, as text that may be shown: whole lines.
    case logged(derivation: DerivationHash, text: String)
    /// The outputs of a derivation are in the store.
    case finished(built: BuiltDerivation, milliseconds: Int)
    /// A derivation could not be built.
    case failed(derivation: DerivationHash, name: DerivationName, failure: BuildFailure)
    /// A derivation was not tried, because one that it needs failed.
    case skipped(derivation: DerivationHash, name: DerivationName, because: DerivationHash)
    /// The output of a `derivation_output` was a graph, whose root now stands in place of it; when
    /// the root is there, it is `finished`.
    case spliced(derivation: DerivationHash, root: DerivationHash, derivations: Int)
    /// Something that does not keep the build from going on, and that a person should know.
    case warned(message: String)
    /// The build is over.
    case ended(summary: BuildSummary)

    enum StartedCodingKeys: String, CodingKey {
        case derivation, name, by
        case expectedMilliseconds = "expected_milliseconds"
    }

    /// Who does the work: this machine in a sandbox, this machine's fetches and substitutes, an engine
    /// that runs a builder, a server that does the whole build.
    public enum Means: String, Codable, Hashable, Sendable, CaseIterable {
        case sandbox, fetch, substitute, remote, server
        /// Who builds again what is there, to compare: it is finished if it comes out the same.
        case check
    }
}

/// Why a derivation could not be built.
public struct BuildFailure: Codable, Hashable, Sendable {
    /// What kind of failure it is; the command line's exit codes follow from it.
    public enum Reason: String, Codable, Hashable, Sendable, CaseIterable {
        /// The builder ended with a status other than 0, or by a signal.
        case builder
        /// The builder ended well, and an output is missing or not as it must be.
        case output
        /// A fetch failed.
        case fetch
        /// A fetch yielded other bytes than the lock says.
        case hashMismatch = "hash_mismatch"
        /// A derivation graph that was built is not valid.
        case graph
        /// A second build yielded other bytes.
        case notReproducible = "not_reproducible"
        /// Time, memory or size went over a limit.
        case limit
        /// The sandbox could not be made.
        case sandbox
        /// The store or the disk failed.
        case store
        /// The remote end failed.
        case remote
        /// Somebody stopped the build.
        case cancelled
    }

    public let reason: Reason
    /// The operation, the object, the reason; without a full stop.
    public let message: String
    public let hint: String?
    /// The builder's exit status, 128 and the signal for signals; nil if it did not run.
    public let status: Int?

    public init(_ reason: Reason, _ message: String, hint: String? = nil, status: Int? = nil) {
        self.reason = reason
        self.message = message
        self.hint = hint
        self.status = status
    }
}

/// How many derivations of a build came to which end.
public struct BuildSummary: Codable, Hashable, Sendable {
    public var built = 0
    public var fetched = 0
    public var reused = 0
    public var substituted = 0
    public var failed = 0
    public var skipped = 0
    /// How many came out the same when they were built again.
    public var checked = 0
    public var milliseconds = 0

    public init() {}
}
