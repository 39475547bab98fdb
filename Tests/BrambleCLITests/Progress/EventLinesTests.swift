import BrambleModel
import TestKit
import Testing

@testable import BrambleCLI

/// The lines that stay: where there is no live terminal, and above the live lines.
@Suite struct EventLinesTests {
    @Test func lines() throws {
        var lines = EventLines(
            showsBeginnings: true, isQuiet: false, isVerbose: false, usesColor: false)
        var modes = [("plain", lines)]
        lines.isVerbose = true
        modes.append(("verbose", lines))
        lines.isVerbose = false
        lines.isQuiet = true
        modes.append(("quiet", lines))
        lines.isQuiet = false
        lines.showsBeginnings = false
        lines.usesColor = true
        modes.append(("live", lines))
        var text = ""
        for (name, lines) in modes {
            text += "== \(name)\n" + shown(try script(), lines)
        }
        try GoldenFile("PlainLines.txt").check(text.replacing("\u{1B}", with: "\\e"))
    }

    private func shown(_ script: Script, _ lines: EventLines) -> String {
        var progress = BuildProgress()
        var text = ""
        for (at, event) in script {
            text += lines.text(for: event, before: progress)
            progress.take(event, at: .milliseconds(at))
        }
        return text
    }

    private func script() throws -> Script {
        let (hello, zlib, gcc) = (try Sample("hello"), try Sample("zlib"), try Sample("gcc"))
        let (app, far, other) = (try Sample("app"), try Sample("far"), try Sample("other"))
        let (cached, page, stopped) = (try Sample("cached"), try Sample("page"), try Sample("stop"))
        let (awaited, twice) = (try Sample("awaited"), try Sample("twice"))
        let maker = try Sample("maker")
        var script: Script = [
            (0, .planned(derivations: 9, pending: 8)), (0, gcc.reused), (0, try gcc.finished(0)),
            (0, hello.started(expected: 4)), (0, zlib.started(.fetch)), (0, other.joined),
            (10, hello.logged("checking for gcc... gcc\n\n\t\u{1B}[1mbold\r\n")),
            (100, zlib.fetched(34_100_000, of: 120_000_000)),
            (1_200, try hello.finished(1_234)), (3_000, zlib.fetched(120_000_000)),
            (3_100, try zlib.finished(3_100)), (4_000, try other.finished(9_000)),
            (4_050, awaited.started()), (4_050, awaited.joined), (4_060, awaited.reused),
            (4_070, twice.started()), (4_070, twice.reused),
            (4_100, far.started(.remote)), (4_200, try far.finished(100)),
            (4_200, cached.started(.substitute)), (4_300, try cached.finished(4)),
            (4_400, far.started(.check)), (4_500, try far.finished(100)),
            (5_000, maker.started()),
            (5_100, .spliced(derivation: maker.hash, root: app.hash, derivations: 7)),
            (5_200, .spliced(derivation: gcc.hash, root: app.hash, derivations: 1)),
            (6_000, page.started(.fetch)),
            (
                6_100,
                page.failed(
                    .hashMismatch,
                    "cannot fetch `https://example.org/page`: other bytes came\n"
                        + "  expected: sha256-01\n  received: sha256-02",
                    hint: "if the page may change, `bramble update page` takes the new one")
            ),
        ]
        script += try failures()
        script += [
            (8_000, app.skipped(because: zlib)), (8_000, app.skipped(because: page)),
            (9_000, stopped.started()), (9_100, stopped.failed(.cancelled, "stopped")),
            (9_100, try Sample("never-tried").skipped(because: stopped)),
            (9_100, .ended(summary: BuildSummary())),
        ]
        return script
    }

    /// A builder that says little before it fails, one that says a lot, and one that never ran.
    private func failures() throws -> Script {
        let (short, long, never) = (try Sample("short"), try Sample("long"), try Sample("never"))
        return [
            (7_000, short.started()), (7_000, short.logged("one\n\n\ttwo \u{9B}1m\n")),
            (7_000, short.failed(hint: "look at `two`")),
            (7_100, long.started()),
            (7_200, long.logged((1...30).map { "line \($0)\n" }.joined())),
            (7_300, long.failed(.output, "output `out` of `long` is missing")),
            (7_400, never.failed(.sandbox, "cannot make the sandbox: no user namespaces")),
        ]
    }

    @Test func manyThatAreSkippedAreNotNamed() throws {
        let zlib = try Sample("zlib")
        var script: Script = [(0, zlib.failed(.fetch, "no network"))]
        for number in 0..<99 {
            script.append((0, try Sample("s-\(number)").skipped(because: zlib)))
        }
        var lines = EventLines(
            showsBeginnings: true, isQuiet: false, isVerbose: false, usesColor: false)
        let named = (0..<10).map { "skipped s-\($0), as zlib failed\n" }.joined()
        let others = "skipping others as well; `--verbose` names them\n"
        #expect(shown(script, lines) == "error: no network\n" + named + others)
        lines.isVerbose = true
        #expect(shown(script, lines).contains("skipped s-98, as zlib failed\n"))
    }

    @Test func summaries() {
        var summary = BuildSummary()
        summary.milliseconds = 12_345
        #expect(summary.text == "nothing to build in 12.3s")
        #expect(summary.stoppedText == "stopped after 12.3s")
        summary.built = 3
        summary.fetched = 2
        summary.reused = 43
        #expect(summary.text == "built 3, fetched 2, reused 43 in 12.3s")
        #expect(summary.stoppedText == "stopped after 12.3s: built 3, fetched 2, reused 43")
        summary.substituted = 1
        summary.failed = 4
        summary.skipped = 5
        #expect(
            summary.text
                == "built 3, fetched 2, substituted 1, reused 43, failed 4, skipped 5 in 12.3s")
    }
}
