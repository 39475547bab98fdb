import BrambleModel
import Synchronization
import TestKit
import Testing

@testable import BrambleCLI

/// Lines at the bottom of a terminal, and what is written above them.
@Suite struct LiveConsoleTests {
    private func lines(_ texts: [String]) -> [ScreenLine] {
        texts.map { text in
            var line = ScreenLine(columns: 99, usesColor: false)
            line.add(text)
            return line
        }
    }

    /// Frames and lines that stay, one after the other, and what the terminal shows after each.
    @Test func screen() {
        let steps: [(text: String, lines: [String], shown: String)] = [
            ("", ["a", "b"], "a\nb\n"),
            ("", ["longer", "b", "c"], "longer\nb\nc\n"),
            ("", ["x"], "x\n"),
            ("kept\n", ["y", "z"], "kept\ny\nz\n"),
            ("0123456789abc\n", ["y"], "kept\n0123456789\nabc\ny\n"),
            ("", [], "kept\n0123456789\nabc\n"),
            ("more\n", [], "kept\n0123456789\nabc\nmore\n"),
            ("", ["q"], "kept\n0123456789\nabc\nmore\nq\n"),
        ]
        var terminal = FakeTerminal(columns: 10, rows: 6)
        var screen = LiveScreen()
        for step in steps {
            terminal.show(screen.draw(lines(step.lines), below: step.text, columns: 10))
            #expect(terminal.text == step.shown)
            #expect(terminal.isAtEnd)
        }
        #expect(terminal.faults == [])
    }

    @Test func whatIsThereIsNotDrawnAgain() {
        var screen = LiveScreen()
        #expect(!screen.draw(lines(["a"]), below: "", columns: 10).isEmpty)
        #expect(screen.draw(lines(["a"]), below: "", columns: 10).isEmpty)
        #expect(!screen.draw(lines(["a"]), below: "", columns: 11).isEmpty)
    }

    /// The terminal breaks lines anew when it becomes narrower.
    @Test func narrowedTerminals() {
        var screen = LiveScreen()
        _ = screen.draw(lines(["0123456789", "012345", "", "01234"]), below: "", columns: 20)
        // Two rows, two rows, one row, one row.
        #expect(screen.draw([], below: "", columns: 5) == "\r\u{1B}[6A\u{1B}[J")
    }

    /// A console on a fake terminal, with texts and lines as they are set.
    private final class Fake: Sendable {
        struct State {
            var terminal = FakeTerminal(columns: 20, rows: 5)
            var text = ""
            var lines: [ScreenLine] = []
        }

        let state = Mutex(State())

        func console() -> LiveConsole {
            LiveConsole(
                .init(
                    size: { TerminalSize(columns: 20, rows: 5) },
                    write: { text in self.state.withLock { $0.terminal.show(text) } },
                    content: { size in
                        self.state.withLock { state in
                            defer { state.text = "" }
                            let lines = Array(state.lines.prefix(size.rows))
                            return .init(text: state.text, lines: lines)
                        }
                    }))
        }

        func write(_ text: String) { state.withLock { $0.terminal.show(text) } }
        var text: String { state.withLock(\.terminal.text) }
    }

    @Test func othersWriteAbove() {
        let fake = Fake()
        let console = fake.console()
        fake.state.withLock { $0.lines = lines(["one", "two", "three", "four", "five"]) }
        console.draw()
        // The last row is for the cursor.
        #expect(fake.text == "one\ntwo\nthree\nfour\n")
        fake.state.withLock { $0.text = "built hello\n" }
        console.above(endsLine: true) { fake.write("a warning\n") }
        #expect(fake.text == "built hello\na warning\n")
        fake.state.withLock { $0.lines = lines(["one"]) }
        console.draw()
        #expect(fake.text == "built hello\na warning\none\n")
    }

    @Test func nothingIsDrawnInsideALine() {
        let fake = Fake()
        let console = fake.console()
        fake.state.withLock { $0.lines = lines(["one"]) }
        console.draw()
        console.above(endsLine: false) { fake.write("half a ") }
        console.draw()
        console.above(endsLine: true) { fake.write("line\n") }
        #expect(fake.text == "half a line\n")
        console.draw()
        #expect(fake.text == "half a line\none\n")
    }

    @Test func afterTheEndNothingIsDrawn() {
        let fake = Fake()
        let console = fake.console()
        fake.state.withLock { state in
            state.lines = lines(["one"])
        }
        console.draw()
        fake.state.withLock { $0.text = "last\n" }
        console.end()
        console.draw()
        console.end()
        console.above(endsLine: true) { fake.write("result\n") }
        #expect(fake.text == "last\nresult\n")
        #expect(fake.state.withLock(\.terminal.faults) == [])
    }
}
