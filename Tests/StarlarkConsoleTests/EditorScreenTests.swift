import Testing

@testable import StarlarkConsole

/// What is sent to the terminal, with `^[` for the escape byte.
@Suite struct EditorScreenTests {
    struct Case: CustomTestStringConvertible {
        var testDescription: String
        var text: String
        var cursor: Int
        var output: String

        init(_ description: String, _ text: String, cursor: Int, _ output: String) {
            testDescription = description
            self.text = text
            self.cursor = cursor
            self.output = output
        }
    }

    @Test(arguments: [
        Case("nothing", "", cursor: 0, "\r^[[J> \r^[[2C"),
        Case("a line", "abc", cursor: 1, "\r^[[J> abc\r^[[3C"),
        Case("wide characters", "日本", cursor: 1, "\r^[[J> 日本\r^[[4C"),
        Case("combined characters", "e\u{301}", cursor: 1, "\r^[[J> e\u{301}\r^[[3C"),
        Case("control characters", "\u{1B}", cursor: 1, "\r^[[J> \u{241B}\r^[[3C"),
        Case("two lines", "a\nb", cursor: 0, "\r^[[J> a\r\n. b\r^[[1A^[[2C"),
        Case("a line that is broken", "abcdefghij", cursor: 10, "\r^[[J> abcdefgh\r\nij\r^[[2C"),
        Case("a row that is full", "abcdefgh", cursor: 8, "\r^[[J> abcdefgh\r\n\r"),
        Case(
            "no room for half a character", "abcdefg日", cursor: 0,
            "\r^[[J> abcdefg\r\n日\r^[[1A^[[2C"),
    ])
    func drawing(_ row: Case) {
        var screen = EditorScreen(usesColor: false)
        let size = EditorScreen.Size(columns: 10, rows: 24)
        let output = screen.draw(view(row.text, row.cursor), in: size)
        #expect(visible(output) == row.output)
    }

    @Test func drawingAgainGoesUpFirst() {
        var screen = EditorScreen(usesColor: false)
        let size = EditorScreen.Size(columns: 10, rows: 24)
        _ = screen.draw(view("a\nb", 3), in: size)
        let second = screen.draw(view("a", 1), in: size)
        #expect(visible(second) == "\r^[[1A^[[J> a\r^[[3C")
        let last = screen.finish(view("a", 0), in: size)
        #expect(visible(last) == "\r^[[J> a\r^[[3C\r\n")
    }

    @Test func whatDoesNotFitIsScrolled() {
        var screen = EditorScreen(usesColor: false)
        let size = EditorScreen.Size(columns: 10, rows: 3)
        let atEnd = screen.draw(view("a\nb\nc", 5), in: size)
        #expect(visible(atEnd) == "\r^[[J. b\r\n. c\r^[[3C")
        let atStart = screen.draw(view("a\nb\nc", 0), in: size)
        #expect(visible(atStart) == "\r^[[1A^[[J> a\r\n. b\r^[[1A^[[2C")
    }

    @Test func candidatesStandBelow() {
        var editor = LineEditor(history: History())
        editor.candidates = ["append", "clear", "pop"]
        let view = editor.view(prompt: "> ", continuationPrompt: ". ", columns: 20)
        #expect(view.footer == ["append  pop     ", "clear   "])
    }

    private func view(_ text: String, _ cursor: Int) -> EditorView {
        EditorView(
            prompt: "> ", continuationPrompt: ". ", text: Array(text), cursor: cursor, footer: [])
    }

    private func visible(_ output: String) -> String {
        String(output.map { $0 == "\u{1B}" ? "^[" : String($0) }.joined())
    }
}
