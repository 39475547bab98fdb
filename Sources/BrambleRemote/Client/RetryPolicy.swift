/// When a call is tried again, and after which pause.
///
/// Pauses double and are shortened by chance, so that many clients of an engine that comes back do
/// not come at once ("full jitter"). And all calls share a budget: each success adds a tenth of a
/// retry, each retry takes a whole one, so that an engine that is overloaded gets a tenth more, not
/// five times as much (gRFC A6, "Throttling Retry Attempts").
struct RetryPolicy {
    private var tokens = RetryPolicy.maximumTokens

    /// As many calls as a connection may have under way, which fail together if it breaks.
    private static let maximumTokens = 200.0
    private static let tokensForSuccess = 0.1
    private static let firstPause = Duration.milliseconds(100)
    private static let maximumPause = Duration.seconds(10)
    /// Who asks for more than a minute is not waited for: a build is sooner done without.
    private static let longestAdvice = Duration.seconds(60)

    mutating func succeeded() {
        tokens = min(RetryPolicy.maximumTokens, tokens + RetryPolicy.tokensForSuccess)
    }

    /// The pause before the next attempt; nil if there is to be none.
    ///
    /// - Parameters:
    ///   - attempt: How many there were.
    ///   - chance: From 0 to 1.
    mutating func pause(after attempt: Int, of attempts: Int, _ error: RemoteError, chance: Double)
        -> Duration?
    {
        guard attempt < attempts, error.code == .unreachable, tokens >= 1,
            let pause = RetryPolicy.patientPause(after: attempt, error, chance: chance)
        else { return nil }
        tokens -= 1
        return pause
    }

    /// The pause before the next attempt at a server that cannot be done without: budget or not.
    ///
    /// - Returns: nil if it asks to be left alone for longer than anybody waits.
    static func patientPause(
        after attempt: Int, _ error: RemoteError, chance: Double
    ) -> Duration? {
        let advice = error.retryAfter ?? .zero
        guard advice <= longestAdvice else { return nil }
        let longest = min(firstPause * (1 << min(attempt - 1, 10)), maximumPause)
        // What the other side asks for is kept to, and spread as well.
        return advice + longest * chance
    }
}
