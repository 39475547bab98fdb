import Foundation
import SourceDiagnostics
import Starlark
import Testing

@Suite struct TimeModuleTests {
    static func makeEnvironment() throws -> Environment {
        var environment = Environment()
        try environment.defineTime(
            now: { .seconds(1_700_000_000) + .nanoseconds(5) },
            timeZone: { name in
                guard name == "US/Eastern" else { return nil }
                // Good enough for these tests: summer from April to October.
                return { seconds in
                    let month = Calendar.monthOfYear(seconds)
                    return 4...10 ~= month ? (-14_400, "EDT") : (-18_000, "EST")
                }
            })
        return environment
    }

    private enum Calendar {
        static func monthOfYear(_ seconds: Int) -> Int {
            var calendar = Foundation.Calendar(identifier: .gregorian)
            calendar.timeZone = .gmt
            return calendar.component(.month, from: Date(timeIntervalSince1970: Double(seconds)))
        }
    }

    static let expressions = ExpressionCase.table(
        #"""
        time.now() => 2023-11-14 22:13:20.000000005 +0000 UTC
        time.now().unix_nano => 1700000000000000005
        time.from_timestamp(0) => 1970-01-01 00:00:00 +0000 UTC
        time.from_timestamp(-1, -1) => 1969-12-31 23:59:58.999999999 +0000 UTC
        time.parse_time("2020-06-26T17:38:36Z") == time.from_timestamp(1593193116) => True
        time.parse_time("2020-06-26T17:38:36.123456789", format="2006-01-02T15:04:05.999999999").nanosecond => 123456789
        time.parse_time("2000-01-02T03:04:05Z").in_location("US/Eastern").format("3 04 PM") => "10 04 PM"
        time.parse_time("2000-01-01T22:04:05-05:00") => 2000-01-01 22:04:05 -0500 -0500
        time.parse_time("2000-01-01T22:04:05-05:00", location = "US/Eastern") => 2000-01-01 22:04:05 -0500 EST
        time.parse_time("2001-02-29T00:00:00Z") => error: cannot parse "2001-02-29T00:00:00Z" as a time of this format
        time.parse_time("x", location = "Mars") => error: cannot parse "x" as a time of this format
        time.parse_time("2000-01-01T00:00:00", "2006-01-02T15:04:05", "Mars") => error: unknown time zone Mars
        time.parse_time("Thu Feb  4 21:00:57.0 PST 2010", "Mon Jan _2 15:04:05 MST 2006").unix => 1265317257
        time.parse_time("3:04PM", "3:04PM").format("15:04 Monday 2 Jan 06") => "15:04 Saturday 1 Jan 00"
        time.time(year = 2009, month = 6, day = 12, hour = 12, location = "US/Eastern").unix => 1244822400
        time.time(year = 2012, month = 12, day = 31).format("2006-01-02 Mon 002") => "2012-12-31 Mon 366"
        time.time(year = 2024, month = 14, day = -1) => 2025-01-30 00:00:00 +0000 UTC
        time.time(2009) => error: time: got 1 positional arguments, want 0 (the other parameters take keyword arguments)
        time.time(year = 1 << 62) => error: time: 4611686018427387904 is out of range
        time.from_timestamp(1 << 62) => error: time out of range
        bool(time.parse_time("0001-01-01T00:00:00Z")) => False
        type(time.now()) => "time.time"
        time.now() - time.from_timestamp(0) => 472222h13m20.000000005s
        time.now() - time.hour == time.from_timestamp(1699996400, 5) => True
        time.hour + time.from_timestamp(0) => 1970-01-01 01:00:00 +0000 UTC
        time.now() > time.from_timestamp(5) => True
        time.now() + time.now() => error: unknown binary op: time.time + time.time
        {time.now(): 1}[time.now()] => 1
        time.is_valid_timezone("US/Eastern") => True
        time.is_valid_timezone("UKN") => False
        time.hour => 1h0m0s
        [time.nanosecond * 1, time.microsecond * 15 // time.nanosecond, time.millisecond * 3 / 2] => [1ns, 15000, 1.5ms]
        time.parse_duration("1h45.5s") => 1h0m45.5s
        time.parse_duration("-1.5h") => -1h30m0s
        time.parse_duration("0") => 0s
        time.parse_duration("1") => error: missing unit in duration "1"
        time.parse_duration("1x") => error: unknown unit "x" in duration "1x"
        time.parse_duration("") => error: invalid duration ""
        time.parse_duration("9999999999h") => error: invalid duration "9999999999h"
        time.hour * (1 << 40) => error: duration out of range
        time.hour / time.parse_duration("16m") => 3.75
        time.hour / 0 => error: division by zero
        time.hour / 0.0 => error: division by zero
        20 / time.hour => error: unsupported operation: int / time.duration
        time.hour.minutes => 60.0
        time.minute < time.hour => True
        time.hour - time.minute + time.second => 59m1s
        type(time.hour) => "time.duration"
        """#)

    @Test(arguments: expressions) func evaluates(_ testCase: ExpressionCase) throws {
        #expect(
            HostFixture.outcome(testCase.source, environment: try TimeModuleTests.makeEnvironment())
                == testCase.outcome)
    }

    /// Days of eight hundred years go to text and back.
    @Test func daysAreConsistent() throws {
        let module = try HostFixture.run(
            """
            def check():
              for day in range(-150000, 150000, 89):
                t = time.from_timestamp(day * 86400)
                if time.parse_time(t.format("2006-01-02T15:04:05Z07:00")) != t:
                  fail(t)
            check()
            """, environment: try TimeModuleTests.makeEnvironment())
        #expect(module.names == ["check"])
    }
}
