/// How to talk to an engine or a cache.
package struct RemoteOptions: Sendable {
    package var endpoint: RemoteEndpoint
    /// Sent with each call, by lower-case names.
    package var headers: [(name: String, value: String)] = []
    /// Asked for more of them before the first call, and again when they are refused.
    package var authorization: (@Sendable () async throws -> String?)?
    package var tls = TLS()
    /// Whether contents go compressed where the other side can; nil for unless it is this machine.
    package var compresses: Bool?
    /// How often a call is tried in all.
    package var attempts = 5
    /// How long one that is answered at once may take.
    package var callTimeout = Duration.seconds(60)
    /// How long a stream may bring nothing.
    package var streamTimeout = Duration.seconds(60)
    /// What the build calls itself in logs of the other side.
    package var invocation: String

    package init(_ endpoint: RemoteEndpoint, invocation: String) {
        self.endpoint = endpoint
        self.invocation = invocation
    }

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
