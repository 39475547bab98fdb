import Testing

@testable import BrambleCLI

/// Durations and sizes as people read them.
@Suite struct TextOfQuantitiesTests {
    @Test(
        arguments: [
            (-5, "0ms", "0s"), (0, "0ms", "0s"), (4, "4ms", "0s"), (99, "99ms", "0s"),
            (100, "0.1s", "0s"), (999, "0.9s", "0s"), (1_234, "1.2s", "1s"),
            (59_999, "59.9s", "59s"), (60_000, "1m00s", "1m00s"), (125_900, "2m05s", "2m05s"),
            (3_599_999, "59m59s", "59m59s"), (3_600_000, "1h00m", "1h00m"),
            (360_000_000, "100h00m", "100h00m"),
        ])
    func durations(_ milliseconds: Int, _ exact: String, _ rough: String) {
        let duration = Duration.milliseconds(milliseconds)
        #expect(duration.exactText == exact)
        #expect(duration.roughText == rough)
    }

    @Test(arguments: [(4, "~4ms"), (9_999, "~9.9s"), (40_400, "~40s"), (1_200_000, "~20m00s")])
    func expectedDurations(_ milliseconds: Int, _ text: String) {
        #expect(Duration.milliseconds(milliseconds).expectedText == text)
    }

    @Test func theLongestDurations() {
        #expect(Duration.seconds(Int64.max).wholeMilliseconds == .max)
        #expect(Duration.milliseconds(Int.max).wholeMilliseconds == .max)
        #expect(Duration.milliseconds(Int.min).wholeMilliseconds == 0)
    }

    @Test(
        arguments: [
            (Int.min, "0 B"), (0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (34_149, "34.1 kB"),
            (99_999, "99.9 kB"), (100_000, "100 kB"), (999_999, "999 kB"), (1_000_000, "1.0 MB"),
            (120_000_000, "120 MB"), (1_250_000_000, "1.2 GB"), (Int.max, "9.2 EB"),
        ])
    func sizes(_ bytes: Int, _ text: String) {
        #expect(DataSize(bytes: bytes).description == text)
    }
}
