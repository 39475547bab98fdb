/// When a call is tried again, and after which pause.
///
/// Pauses double and are shortened by chance, so that many clients of an engine that comes back do
/// not come at once ("full jitter"). And all calls share a budget: each success adds a tenth of a
/// retry, each retry takes a whole one, so that an engine that is overloaded gets a tenth more, not
/// five times as much (gRFC A6, "Throttling Retry Attempts").
struct RetryPolicy {
    private var tokens = RetryPolicy.maximumTokens

    private static let maximumTokens = 20.0
    private static let tokensForSuccess = 0.1
    private static let firstPause = Duration.milliseconds(100)
    private static let maximumPause = Duration.seconds(10)

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
        guard attempt < attempts, error.code == .unreachable, tokens >= 1 else { return nil }
        tokens -= 1
        let longest = min(
            RetryPolicy.firstPause * (1 << min(attempt - 1, 10)), RetryPolicy.maximumPause)
        // What the other side asks for is kept to, and spread as well.
        return (error.retryAfter ?? .zero) + longest * chance
    }
}
