/// How to talk to an engine or a cache.
package struct RemoteOptions: Sendable {
    package var endpoint: RemoteEndpoint
    /// Sent with each call, by lower-case names.
    package var headers: [(name: String, value: String)] = []
    /// Asked for more of them before the first call, when they end, and when they are refused.
    package var credentials: (@Sendable () async throws -> RemoteCredentials)?
    package var tls = TLS()
    /// Whether contents go compressed where the other side can; nil for unless it is this machine.
    package var compresses: Bool?
    /// How often a call is tried in all.
    package var attempts = 5
    /// For how long a call is tried at a server that has answered before, however often that is: for one that
    /// a build cannot do without, as it may be restarted.
    package var patience = Duration.zero
    /// How long the first call may take, and any answer to whether the other side lives.
    package var connectTimeout = Duration.seconds(20)
    /// How long one that is answered at once may take.
    package var callTimeout = Duration.seconds(60)
    /// How long a stream may bring next to nothing: see `ProgressWatch`.
    package var streamTimeout = Duration.seconds(60)
    /// After how long without a word the other side is asked whether it lives, while it has calls: that is how one
    /// that is gone without a trace is noticed by who waits for an action. Usual servers take it for an abuse if they
    /// are asked more often than every five minutes.
    package var silence = Duration.seconds(330)
    /// What the build calls itself in logs of the other side.
    package var invocation: String

    package init(_ endpoint: RemoteEndpoint, invocation: String) {
        self.endpoint = endpoint
        self.invocation = invocation
    }

    /// The patience with who runs builders, or does whole builds: longer than it takes to start anew.
    package static let patienceWithBuilders = Duration.seconds(90)

    /// Files in PEM, by absolute paths.
    package struct TLS: Sendable {
        /// Whom to trust; nil for those that the system trusts.
        package var authorities: String?
        /// What we show of ourselves.
        package var certificate: String?
        package var key: String?

        package init() {}
    }
}
