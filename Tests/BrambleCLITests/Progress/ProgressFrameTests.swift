import BrambleModel
import TestKit
import Testing

@testable import BrambleCLI

/// What live terminals of several sizes show of builds in several states.
@Suite struct ProgressFrameTests {
    struct State: CustomTestStringConvertible {
        let name: String
        let script: Script
        /// In milliseconds.
        let now: Int
        var sizes = [TerminalSize(columns: 80, rows: 24)]

        var testDescription: String { name }
    }

    @Test func frames() throws {
        var text = ""
        for state in try states() {
            for size in state.sizes { text += shown(state, size, usesColor: false) }
        }
        text += shown(try busy(), TerminalSize(columns: 80, rows: 24), usesColor: true)
            .replacing("\u{1B}", with: "\\e")
        try GoldenFile("LiveFrames.txt").check(text)
    }

    /// A bar at the end of each line shows spaces, and where the terminal ends.
    private func shown(_ state: State, _ size: TerminalSize, usesColor: Bool) -> String {
        let lines = ProgressFrame(usesColor: usesColor).render(
            BuildProgress(after: state.script), size: size, now: .milliseconds(state.now))
        #expect(lines.count <= max(size.rows, 0))
        for line in lines { #expect(line.width <= size.columns) }
        let heading = "== \(state.name), \(size.columns)x\(size.rows)"
        return heading + (usesColor ? ", colours\n" : "\n") + lines.map { $0.text + "|\n" }.joined()
    }

    private func states() throws -> [State] {
        let hello = try Sample("hello")
        let library = try Sample("lib-with-a-name-that-is-far-too-long-for-most-terminals-1.2.3")
        let lines = "first\n\u{1B}[31mred\u{7}\t漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字\n  \n"
        return [
            State(name: "nothing is known", script: [], now: 0),
            State(
                name: "nothing runs", script: [(0, .planned(derivations: 48, pending: 12))],
                now: 1_000),
            try busy(),
            State(
                name: "the last ones",
                script: [
                    (0, .planned(derivations: 2, pending: 2)),
                    (0, hello.started(expected: 30_000)), (1_000, library.started(expected: 900)),
                ], now: 12_345, sizes: [80, 39].map { TerminalSize(columns: $0, rows: 24) }),
            State(
                name: "a log that would disturb",
                script: [
                    (0, hello.started()), (1, hello.logged(lines)),
                ], now: 61_000, sizes: [80, 30].map { TerminalSize(columns: $0, rows: 24) }),
            try crowd(),
        ]
    }

    private func busy() throws -> State {
        let (gcc, zlib, app) = (try Sample("gcc-14.2"), try Sample("zlib-1.3.1"), try Sample("app"))
        let (data, far, hello) = (try Sample("data"), try Sample("far"), try Sample("hello"))
        let (gone, cached) = (try Sample("gone"), try Sample("cached"))
        let sizes = [(80, 24), (100, 5), (40, 4), (39, 24), (20, 24), (80, 2), (80, 1), (1, 24)]
        return State(
            name: "all kinds of work",
            script: [
                (0, .planned(derivations: 48, pending: 12)), (0, app.reused),
                (0, gcc.started(expected: 1_200_000)),
                (5_000, gcc.logged("  checking whether the linker is GNU ld... yes\n")),
                (100_000, zlib.started(.fetch, expected: 900)),
                (100_000, zlib.fetched(34_100_000, of: 120_000_000)),
                (101_000, data.started(.fetch)), (102_000, data.fetched(812)),
                (103_000, cached.started(.substitute)), (104_000, far.started(.remote)),
                (104_500, far.logged("cc -c far.c\n")), (110_000, gone.started()),
                (111_000, gone.failed()), (125_000, hello.joined),
            ], now: 125_050,
            sizes: sizes.map { TerminalSize(columns: $0.0, rows: $0.1) })
    }

    /// More builds than rows.
    private func crowd() throws -> State {
        var script: Script = [(0, .planned(derivations: 100, pending: 100))]
        for number in 1...40 {
            script.append((number * 10, try Sample("build-\(41 - number)").started()))
        }
        let sizes = [(80, 6), (80, 3), (80, 2), (20, 3), (80, 0), (0, 24), (-1, -1)]
        return State(
            name: "a crowd", script: script, now: 1_000,
            sizes: sizes.map { TerminalSize(columns: $0.0, rows: $0.1) })
    }
}
