/// A moment, and the time zone it is shown in, as the module `time` has it.
final class TimeValue: HostObject, Hashable, Comparable {
    static let starlarkTypeName = "time.time"

    /// What a time zone makes of a moment: seconds east of UTC, and what that is called.
    typealias Zone = @Sendable (_ unixSeconds: Int) -> (offset: Int, abbreviation: String)
    /// The zone of a name.
    typealias Zones = @Sendable (_ name: String) -> Zone?

    /// Seconds since the beginning of 1970 in UTC.
    let seconds: Int
    /// Of the second, less than 1,000,000,000.
    let nanosecond: Int
    let zone: Zone
    let zones: Zones

    static let utc: Zone = { _ in (0, "UTC") }
    private static let nanosecondsPerSecond = 1_000_000_000

    /// No second is further from 1970: about ten million years, so that no arithmetic overflows.
    static let maximumSeconds = 315_576_000_000_000

    /// - Throws: an error if the time is out of range.
    init(
        seconds: Int, nanoseconds: Int, zone: @escaping Zone, zones: @escaping Zones
    ) throws {
        let carry = nanoseconds.floorDivided(by: TimeValue.nanosecondsPerSecond)
        guard abs(seconds.clamped) < TimeValue.maximumSeconds else {
            throw EvaluationError("time out of range")
        }
        self.seconds = seconds + carry
        nanosecond = nanoseconds - carry * TimeValue.nanosecondsPerSecond
        self.zone = zone
        self.zones = zones
    }

    static let members: HostMembers<TimeValue> = [
        .property("year") { $0.civil.year },
        .property("month") { $0.civil.month },
        .property("day") { $0.civil.day },
        .property("hour") { $0.civil.hour },
        .property("minute") { $0.civil.minute },
        .property("second") { $0.civil.second },
        .property("nanosecond") { $0.nanosecond },
        .property("unix") { $0.seconds },
        .property("unix_nano") { StarlarkInteger($0.unixNanoseconds) },
        .method("in_location", .required("location", String.self)) { time, _, name in
            guard let zone = time.zones(name) else {
                throw EvaluationError("in_location: unknown time zone \(name)")
            }
            return try TimeValue(
                seconds: time.seconds, nanoseconds: time.nanosecond, zone: zone, zones: time.zones)
        },
        .method("format", .required("layout", String.self)) { time, _, layout in
            TimeLayout(layout).text(of: time)
        },
    ]

    /// What a clock in the zone shows.
    var civil: CivilTime { CivilTime(seconds: seconds + zone(seconds).offset) }

    private var unixNanoseconds: Int128 {
        Int128(seconds) * Int128(TimeValue.nanosecondsPerSecond) + Int128(nanosecond)
    }

    /// The beginning of year 1 is no time, as in Go.
    var isTruthy: Bool { seconds != -62_135_596_800 || nanosecond != 0 }

    var starlarkDescription: String {
        TimeLayout("2006-01-02 15:04:05.999999999 -0700 MST").text(of: self)
    }

    static func == (one: TimeValue, other: TimeValue) -> Bool {
        one.seconds == other.seconds && one.nanosecond == other.nanosecond
    }

    static func < (one: TimeValue, other: TimeValue) -> Bool {
        (one.seconds, one.nanosecond) < (other.seconds, other.nanosecond)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(seconds)
        hasher.combine(nanosecond)
    }
}

extension TimeValue: HostComparable {}

extension TimeValue: HostOperand {
    func applying(
        _ op: BinaryOperator, with other: StarlarkValue, as side: OperandSide
    ) throws -> (any StarlarkConvertible)? {
        guard other.kind == .host else { return nil }
        if let duration = try? other.as(DurationValue.self) {
            switch (op, side) {
            case (.add, _): return try moved(by: Int(duration.nanoseconds))
            case (.subtract, .left):
                let (opposite, overflow) = Int(0).subtractingReportingOverflow(
                    Int(duration.nanoseconds))
                return try moved(by: overflow ? .max : opposite)
            default: return nil
            }
        }
        guard op == .subtract, side == .left, let other = try? other.as(TimeValue.self) else {
            return nil
        }
        // As in Go, a span that does not fit is the longest that does.
        return DurationValue(
            nanoseconds: Int64(clamping: unixNanoseconds - other.unixNanoseconds))
    }

    private func moved(by nanoseconds: Int) throws -> TimeValue {
        let whole = nanoseconds.floorDivided(by: TimeValue.nanosecondsPerSecond)
        let rest = nanoseconds - whole * TimeValue.nanosecondsPerSecond
        return try TimeValue(
            seconds: seconds + whole, nanoseconds: nanosecond + rest, zone: zone, zones: zones)
    }
}

extension Int {
    /// The value, or one whose magnitude is an integer too.
    fileprivate var clamped: Int { Swift.max(self, -Int.max) }
}
