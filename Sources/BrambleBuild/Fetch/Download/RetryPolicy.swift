/// When to try again what may succeed later: after waits that double, with jitter, so that many
/// clients that failed together do not come back together.
package struct RetryPolicy: Hashable, Sendable {
    /// Tries in all.
    package var attempts: Int
    /// Before the second try; then twice as long each time.
    package var firstDelay: Duration
    package var longestDelay: Duration
    /// The longest wait that a server may ask for; if it asks for more, it is not asked again.
    package var longestRetryAfter: Duration
    /// All waits together.
    package var totalDelay: Duration

    package init(
        attempts: Int, firstDelay: Duration, longestDelay: Duration, longestRetryAfter: Duration,
        totalDelay: Duration
    ) {
        self.attempts = attempts
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
        self.longestRetryAfter = longestRetryAfter
        self.totalDelay = totalDelay
    }

    /// What gets over a server's restart, and ends while somebody still watches.
    package static let standard = RetryPolicy(
        attempts: 6, firstDelay: .milliseconds(500), longestDelay: .seconds(20),
        longestRetryAfter: .seconds(120), totalDelay: .seconds(240))

    /// How long to wait after a failed try; nil to give up.
    ///
    /// - Parameters:
    ///   - attempt: Which try it was, from 1.
    ///   - retryAfter: What the server asked for.
    ///   - waited: All waits so far.
    ///   - jitter: A random number from 0 to 1: the wait is between half and all of its length.
    func delay(
        afterAttempt attempt: Int, retryAfter: Duration?, waited: Duration, jitter: Double
    ) -> Duration? {
        guard attempt < attempts else { return nil }
        let doubled = firstDelay * (1 << min(attempt - 1, 30))
        var delay = min(doubled, longestDelay) * (0.5 + jitter / 2)
        if let retryAfter {
            guard retryAfter <= longestRetryAfter else { return nil }
            delay = max(delay, retryAfter)
        }
        return waited + delay <= totalDelay ? delay : nil
    }

    /// What the header `Retry-After` asks for (RFC 9110, 10.2.3): seconds, or a date.
    ///
    /// - Parameter now: Seconds since 1970.
    static func retryAfter(_ header: String, now: Int) -> Duration? {
        if !header.isEmpty, header.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            // More digits than an Int has mean: not today.
            return .seconds(Int(header) ?? Int.max)
        }
        return HTTPDate.seconds(header).map { .seconds(max(0, $0 - now)) }
    }
}
