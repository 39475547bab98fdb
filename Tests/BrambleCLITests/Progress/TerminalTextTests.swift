import Testing

@testable import BrambleCLI

/// Foreign text, cut to rows of a terminal.
@Suite struct TerminalTextTests {
    struct Case: CustomTestStringConvertible {
        let text: String
        let columns: Int
        let shown: String
        let width: Int

        init(_ text: String, _ columns: Int, _ shown: String, _ width: Int) {
            (self.text, self.columns, self.shown, self.width) = (text, columns, shown, width)
        }

        var testDescription: String { "\(text.debugDescription) in \(columns)" }
    }

    static let cuts = [
        Case("", 0, "", 0),
        Case("abc", -1, "", 0),
        Case("abc", 0, "", 0),
        Case("abc", 1, "…", 1),
        Case("abc", 2, "a…", 2),
        Case("abc", 3, "abc", 3),
        Case("abc", 4, "abc", 3),
        Case("漢字", 1, "…", 1),
        Case("漢字", 2, "…", 1),
        Case("漢字", 3, "漢…", 3),
        Case("漢字", 4, "漢字", 4),
        Case("a漢字", 4, "a漢…", 4),
        // An accent of its own takes no room, and stays with its letter.
        Case("e\u{301}x", 2, "e\u{301}x", 2),
        Case("e\u{301}xy", 2, "e\u{301}…", 2),
        Case("abce\u{301}x", 3, "ab…", 3),
        Case("abce\u{301}x", 4, "abc…", 4),
        Case("abce\u{301}", 4, "abce\u{301}", 4),
        Case("a\tb", 3, "a b", 3),
        Case("\u{1B}[1m", 9, "␛[1m", 4),
        Case("a\rb\n", 9, "a␍b␊", 4),
        // A character that mirrors what follows is shown as a number, and cut as a whole.
        Case("\u{202E}x", 9, "<U+202E>x", 9),
        Case("\u{202E}x", 8, "…", 1),
        Case("☺\u{FE0F}!", 2, "☺!", 2),
        Case("😀", 2, "😀", 2),
    ]

    @Test(arguments: cuts)
    func cut(_ row: Case) {
        let result = TerminalText.cut(row.text, to: row.columns)
        #expect(result.text == row.shown)
        #expect(result.width == row.width)
        #expect(TerminalText.width(of: result.text) == row.width)
    }

    @Test func tabsStayAtTheMargin() {
        #expect(TerminalText.visible("\ta\u{7}\tb", keepsTabs: true) == "\ta␇\tb")
        #expect(TerminalText.visible("\ta\u{7}\tb") == " a␇ b")
    }

    @Test func linesHoldWhatThereIsRoomFor() {
        var line = ScreenLine(columns: 10, usesColor: true)
        line.add("abc", .bold)
        line.pad(to: 5)
        line.add("")
        line.add("defghij", .dim)
        line.add("more")
        line.pad(to: 99)
        #expect(line.text == "\u{1B}[1mabc\u{1B}[0m  \u{1B}[2mdefg…\u{1B}[0m")
        #expect(line.width == 10)
    }
}
