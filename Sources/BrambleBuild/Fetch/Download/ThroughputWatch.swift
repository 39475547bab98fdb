/// Notices that a server sends, but so little that the fetch would never end. An idle timeout does not
/// see that.
struct ThroughputWatch {
    private let limits: FetchLimits
    private var start: ContinuousClock.Instant
    private var bytes = 0

    init(limits: FetchLimits, now: ContinuousClock.Instant) {
        self.limits = limits
        start = now
    }

    /// Counts bytes that came.
    ///
    /// - Returns: Whether enough came, in this span of time and the one before.
    mutating func received(_ count: Int, at now: ContinuousClock.Instant) -> Bool {
        bytes += count
        guard now - start >= limits.slowSpan else { return true }
        let isEnough = bytes >= limits.slowBytes
        (start, bytes) = (now, 0)
        return isEnough
    }
}
