import Testing

@testable import StarlarkConsole

/// Keys, and the text with the cursor (`|`) that they lead to.
@Suite struct LineEditorTests {
    struct Case: CustomTestStringConvertible {
        var testDescription: String
        var keys: [Key]
        var result: String

        init(_ description: String, _ keys: [Key], _ result: String) {
            testDescription = description
            self.keys = keys
            self.result = result
        }
    }

    @Test(arguments: [
        Case("typing", keys("abc"), "abc|"),
        Case("in the middle", keys("ac") + [.left] + keys("b"), "ab|c"),
        Case("backspace", keys("abc") + [.left, .backspace], "a|c"),
        Case("delete", keys("abc") + [.home, .delete], "|bc"),
        Case(
            "Ctrl-A and Ctrl-E",
            keys("bc") + [.control("a")] + keys("a") + [.control("e")] + keys("d"), "abcd|"),
        Case("Ctrl-K", keys("abcd") + [.left, .left, .control("k")], "ab|"),
        Case("Ctrl-U", keys("abcd") + [.left, .control("u")], "|d"),
        Case("Ctrl-W", keys("print(abc") + [.control("w")], "print(|"),
        Case("Ctrl-Y", keys("ab cd") + [.control("w"), .home, .control("y")], "cd|ab "),
        Case("Ctrl-T", keys("abc") + [.control("t")], "acb|"),
        Case("Ctrl-D removes", keys("ab") + [.home, .control("d")], "|b"),
        Case("words", keys("a.b_c d") + [.wordLeft, .wordLeft], "a.|b_c d"),
        Case("combining characters", keys("e\u{301}x") + [.backspace, .backspace], "|"),
        Case("a flag is one character", keys("🇩🇪x") + [.home, .right], "🇩🇪|x"),
        Case("pasting", keys("()") + [.left, .paste("a\nb")], "(a\nb|)"),
        Case("a line break indents", keys("  x") + [.lineBreak], "  x\n  |"),
        Case("deeper behind a colon", keys("if x: ") + [.lineBreak], "if x: \n    |"),
        Case("backspace in indentation", keys("if x:") + [.lineBreak, .backspace], "if x:\n|"),
        Case("backspace in odd indentation", keys("      ") + [.backspace], "    |"),
        Case("tab in indentation", [.tab] + keys("x"), "    x|"),
        Case("up and down in a text", [.paste("abc\nd\nefg"), .up, .up, .right], "ab|c\nd\nefg"),
        Case("enter in the middle of a text", [.paste("a\nb"), .up, .enter], "a\n|\nb"),
        Case("Ctrl-K at a line's end joins lines", [.paste("a\nb"), .up, .control("k")], "a|b"),
    ])
    func editing(_ row: Case) {
        var editor = LineEditor(history: History())
        for key in row.keys { _ = editor.event(key) }
        #expect(show(editor) == row.result)
    }

    @Test(arguments: [
        Case("the last one", [.up], "two\nlines|"),
        Case("through the lines of an entry", [.up, .up, .up], "one|"),
        Case("further than there is", [.control("p"), .control("p"), .control("p")], "one|"),
        Case("back to what was written", keys("new") + [.control("p"), .control("n")], "new|"),
        Case("searching", [.control("r")] + keys("o") + [.control("e")], "two\nlines|"),
        Case("searching on", [.control("r")] + keys("o") + [.control("r"), .escape], "one|"),
        Case(
            "giving a search up", keys("x") + [.control("r")] + keys("one") + [.control("g")], "x|"),
        Case("a search that fails", [.control("r")] + keys("onx") + [.escape], "one|"),
        Case("changing the query", [.control("r")] + keys("onx") + [.backspace, .escape], "one|"),
    ])
    func history(_ row: Case) {
        var editor = LineEditor(history: History(["one", "two\nlines"]))
        for key in row.keys { _ = editor.event(key) }
        #expect(show(editor) == row.result)
    }

    @Test func actions() {
        var editor = LineEditor(history: History())
        let keys: [Key] = [
            .backspace, .control("d"), .text("x"), .control("d"), .tab, .control("l"), .enter,
        ]
        let actions = keys.map { editor.event($0) }
        #expect(
            actions == [
                .beep, .end, .redraw, .beep, .complete("x"), .clearScreen, .submit("x"),
            ])
        let entry = editor.accept()
        #expect(entry == "x")
        #expect(editor.buffer.isEmpty)
        let last = [.text("y"), .control("c")].map { editor.event($0) }
        #expect(last == [.redraw, .interrupt])
        #expect(show(editor) == "|")
    }

    @Test func completion() {
        var editor = LineEditor(history: History())
        for key in keys("x.ap") { _ = editor.event(key) }
        let one = editor.offer(Completion(prefixLength: 2, candidates: ["append"]))
        #expect(one == .redraw)
        #expect(show(editor) == "x.append|")
        let none = editor.offer(Completion(prefixLength: 1, candidates: []))
        #expect(none == .beep)
        let many = editor.offer(Completion(prefixLength: 6, candidates: ["append", "appendix"]))
        #expect(many == .redraw)
        #expect(editor.candidates == ["append", "appendix"])
        _ = editor.event(.left)
        #expect(editor.candidates.isEmpty)
    }

    private func show(_ editor: LineEditor) -> String {
        var text = editor.buffer.characters
        text.insert("|", at: editor.buffer.cursor)
        return String(text)
    }
}

private func keys(_ text: String) -> [Key] { text.unicodeScalars.map(Key.text) }
