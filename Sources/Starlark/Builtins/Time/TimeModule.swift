/// The module `time`, as starlark-go's `lib/time` has it.
struct TimeModule: Sendable {
    /// The time since the beginning of 1970.
    let now: @Sendable () -> Duration
    let zones: TimeValue.Zones

    static let rfc3339 = "2006-01-02T15:04:05Z07:00"

    private static let constants: [(name: String, nanoseconds: Int64)] = [
        ("nanosecond", 1), ("microsecond", 1000), ("millisecond", 1_000_000),
        ("second", 1_000_000_000), ("minute", 60_000_000_000), ("hour", 3_600_000_000_000),
    ]

    func define(in environment: inout Environment) throws {
        try environment.defineModule("time") { time in
            for constant in TimeModule.constants {
                try time.define(constant.name, DurationValue(nanoseconds: constant.nanoseconds))
            }
            for function in functions { time.define(function) }
        }
    }

    private var functions: [HostFunction] {
        [
            HostFunction("now") { [self] _ in
                let (seconds, attoseconds) = now().components
                return try TimeValue(
                    seconds: Int(seconds), nanoseconds: Int(attoseconds / 1_000_000_000),
                    zone: TimeValue.utc, zones: zones)
            },
            HostFunction(
                "from_timestamp", .required("sec", Int.self), .defaulted("nsec", 0)
            ) { [self] _, seconds, nanoseconds in
                try TimeValue(
                    seconds: seconds, nanoseconds: nanoseconds, zone: TimeValue.utc, zones: zones)
            },
            HostFunction("is_valid_timezone", .required("loc", String.self)) { [self] _, name in
                zones(name) != nil
            },
            HostFunction("parse_duration", .required("d", StarlarkValue.self)) { _, value in
                if let duration = try? value.as(DurationValue.self) { return duration }
                return DurationValue(nanoseconds: try DurationText.parse(value.as()))
            },
            HostFunction(
                "parse_time", .required("x", String.self),
                .defaulted("format", TimeModule.rfc3339), .defaulted("location", "UTC")
            ) { [self] _, text, format, location in
                try parse(text, TimeLayout(format), location)
            },
            time,
        ]
    }

    /// `time(year = …, month = …, …)`.
    private var time: HostFunction {
        HostFunction(
            "time", .defaulted("year", 0, passing: .keywordOnly),
            .defaulted("month", 0, passing: .keywordOnly),
            .defaulted("day", 0, passing: .keywordOnly),
            .defaulted("hour", 0, passing: .keywordOnly),
            .defaulted("minute", 0, passing: .keywordOnly),
            .defaulted("second", 0, passing: .keywordOnly),
            .defaulted("nanosecond", 0, passing: .keywordOnly),
            .defaulted("location", "UTC", passing: .keywordOnly)
        ) { [self] _, year, month, day, hour, minute, second, nanosecond, location in
            try local(
                checking: CivilTime(
                    year: year, month: month, day: day, hour: hour, minute: minute, second: second),
                nanosecond, location)
        }
    }

    /// Parts may be beyond their range, and then carry over, but none needs to be much larger.
    private func local(
        checking civil: CivilTime, _ nanosecond: Int, _ location: String
    ) throws -> TimeValue {
        for part in [civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second]
        where abs(Int64(clamping: part) / 2) > 1 << 31 {
            throw EvaluationError("time: \(part) is out of range")
        }
        guard abs(civil.year / 2) < 1_000_000 else {
            throw EvaluationError("time: \(civil.year) is out of range")
        }
        return try local(civil, nanosecond, try zone(location))
    }

    private func zone(_ name: String) throws -> TimeValue.Zone {
        guard let zone = zones(name) else {
            throw EvaluationError("unknown time zone \(name)")
        }
        return zone
    }

    private func parse(
        _ text: String, _ layout: TimeLayout, _ location: String
    ) throws -> TimeValue {
        let reading = try layout.parse(text)
        let zone = try zone(location)
        guard let offset = reading.offset else {
            return try local(reading.civil, reading.nanosecond, zone)
        }
        let seconds = reading.civil.seconds - offset
        // The zone is kept if it has that offset then, so that the time has its name.
        let isZone = zone(seconds).offset == offset
        let fixed: TimeValue.Zone = { _ in (offset, offset == 0 ? "UTC" : "") }
        return try TimeValue(
            seconds: seconds, nanoseconds: reading.nanosecond, zone: isZone ? zone : fixed,
            zones: zones)
    }

    /// The moment at which clocks of the zone show a time.
    private func local(
        _ civil: CivilTime, _ nanosecond: Int, _ zone: @escaping TimeValue.Zone
    ) throws -> TimeValue {
        let shown = civil.seconds
        var seconds = shown - zone(shown).offset
        seconds = shown - zone(seconds).offset
        return try TimeValue(
            seconds: seconds, nanoseconds: nanosecond, zone: zone, zones: zones)
    }
}
