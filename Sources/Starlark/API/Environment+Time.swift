extension Environment {
    /// What a time zone makes of a moment, given in seconds since the beginning of 1970 in UTC: how
    /// many seconds its clocks are ahead of UTC, and what that is called ("CEST").
    public typealias TimeZoneRules =
        @Sendable (_ unixSeconds: Int) -> (offset: Int, abbreviation: String)

    /// Defines the module `time`: `now`, `time`, `from_timestamp`, `parse_time`, `parse_duration`,
    /// `is_valid_timezone`, and `nanosecond` to `hour`. Layouts of times are those of Go.
    ///
    /// - Parameters:
    ///   - now: the time since the beginning of 1970 in UTC.
    ///   - timeZone: the rules of a time zone ("Europe/Vienna"), or nil if there is none of that
    ///     name. `UTC` is known without.
    /// - Throws: nothing that the arguments could cause.
    public mutating func defineTime(
        now: @escaping @Sendable () -> Duration,
        timeZone: @escaping @Sendable (_ name: String) -> TimeZoneRules? = { _ in nil }
    ) throws {
        let module = TimeModule(
            now: now, zones: { $0 == "UTC" || $0.isEmpty ? TimeValue.utc : timeZone($0) })
        try module.define(in: &self)
    }
}
