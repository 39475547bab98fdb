import SourceDiagnostics
import TestKit
import Testing

/// Each golden file shows many cases, with their names as headings.
struct DiagnosticRendererTests {
    private func span(_ text: String, of part: String) -> SourceSpan {
        let bytes = Array(text.utf8)
        let wanted = Array(part.utf8)
        for start in 0...(bytes.count - wanted.count)
        where Array(bytes[start..<start + wanted.count]) == wanted {
            return SourceSpan(start: UInt32(start), end: UInt32(start + wanted.count))
        }
        preconditionFailure("the text has no such part")
    }

    /// An error at the first place of `part`.
    private func error(_ text: String, at part: String, name: String = "f.star") -> Diagnostic {
        let file = SourceFile(name: name, text: text)
        return Diagnostic(.error, "something is wrong", in: file, at: span(text, of: part))
    }

    private func sheet(_ cases: [(String, String)]) -> String {
        cases.map { "==== \($0.0)\n\($0.1)" }.joined(separator: "\n")
    }

    @Test func excerpts() throws {
        let renderer = DiagnosticRenderer()
        let long = "x = [" + (0..<100).map { "\"item_\($0)\"" }.joined(separator: ", ") + "]"
        let cases: [(String, Diagnostic)] = [
            ("a word", error("a = 1\nb = wrong + 2\nc = 3\n", at: "wrong")),
            ("first byte", error("wrong", at: "wrong")),
            ("tabs", error("if x:\n\tfoo(\t\tbar)", at: "bar")),
            ("wide characters", error("x = \"世界\" + 😀 + wrong", at: "wrong")),
            ("combining characters", error("x = \"e\u{301}\" + wrong", at: "wrong")),
            (
                "control and bidirectional characters",
                error("x = \"\u{1}\u{7F}\u{202E}\" + wrong", at: "wrong")
            ),
            ("under a wide character", error("a = \"世界\"", at: "世界")),
            ("long line, at the start", error(long, at: "\"item_0\"")),
            ("long line, in the middle", error(long, at: "\"item_50\"")),
            ("long line, at the end", error(long, at: "\"item_99\"")),
            ("long line, long span", error(long, at: String(long.dropFirst(4)))),
            ("two lines", error("x = foo(a,\n        b)\n", at: "foo(a,\n        b)")),
            (
                "many lines",
                error(
                    "def f():\n  1\n  2\n  3\n  4\n  5\n  6\nx",
                    at: "f():\n  1\n  2\n  3\n  4\n  5\n  6")
            ),
            ("line numbers of two widths", error("\n\n\n\n\n\n\n\na(\n)", at: "(\n)")),
            ("carriage returns", error("a\r\nwrong\r\nc", at: "wrong")),
            ("an escape in the file's name", error("wrong", at: "wrong", name: "a\u{1B}[1mb")),
        ]
        let text = sheet(cases.map { ($0.0, renderer.render($0.1)) })
        try GoldenFile("Excerpts.txt").check(text)
    }

    @Test func placesWithoutText() throws {
        let renderer = DiagnosticRenderer()
        let invalid = SourceFile(name: "f.star", bytes: Array("a = \"".utf8) + [0xFF, 0xC3, 0x22])
        let cases: [(String, SourceFile, Range<UInt32>)] = [
            ("empty file", SourceFile(name: "f.star", text: ""), 0..<0),
            ("end of file", SourceFile(name: "f.star", text: "x = (\n"), 6..<6),
            ("end of the last line", SourceFile(name: "f.star", text: "x ="), 3..<3),
            ("at a line feed", SourceFile(name: "f.star", text: "x =\ny"), 3..<4),
            ("beyond the end", SourceFile(name: "f.star", text: "x"), 70..<90),
            ("invalid UTF-8", invalid, 5..<6),
            ("the second invalid byte", invalid, 6..<7),
        ]
        let text = sheet(
            cases.map { name, file, range in
                let span = SourceSpan(start: range.lowerBound, end: range.upperBound)
                let diagnostic = Diagnostic(.error, "something is wrong", in: file, at: span)
                return (name, renderer.render(diagnostic))
            })
        try GoldenFile("PlacesWithoutText.txt").check(text)
    }

    @Test func notesAndHints() throws {
        let main = SourceFile(name: "main.star", text: "load(\"lib.star\", \"x\")\nx = 2\n")
        let lib = SourceFile(name: "lib.star", text: "x = 1\n")
        let diagnostic = Diagnostic(
            .error, "cannot reassign `x`", in: main, at: SourceSpan(start: 22, end: 23),
            notes: [
                Diagnostic.Note(message: "loaded here", span: SourceSpan(start: 17, end: 20)),
                Diagnostic.Note(
                    message: "defined here", file: lib, span: SourceSpan(start: 0, end: 1)),
                Diagnostic.Note(message: "names can be assigned once"),
            ], hint: "choose another name")
        let warning = Diagnostic(
            .warning, "`x` is not used", in: main, at: SourceSpan(start: 22, end: 23))
        var options = DiagnosticRenderer.Options()
        options.usesColor = true
        let coloured = DiagnosticRenderer(options: options).render([diagnostic, warning])
        let text = sheet([
            ("plain", DiagnosticRenderer().render([diagnostic, warning])),
            ("coloured", coloured.replacing("\u{1B}", with: "ESC")),
        ])
        try GoldenFile("NotesAndHints.txt").check(text)
    }

    @Test func callStacks() throws {
        let text = "def f(n):\n    return g(n)\n\ndef g(n):\n\treturn n // 0\n\nf(1)\n"
        let file = SourceFile(name: "BUILD", text: text)
        let frames = [
            CallFrame(function: "<toplevel>", file: file, span: span(text, of: "f(1)")),
            CallFrame(function: "f", file: file, span: span(text, of: "g(n)")),
            CallFrame(function: "g", file: file, span: span(text, of: "n // 0")),
        ]
        let deep = [frames[0]] + Array(repeating: frames[1], count: 50) + [frames[2]]
        let renderer = DiagnosticRenderer()
        let cases = [
            (
                "error with a stack",
                renderer.render("division by zero", callStack: frames, hint: "check the divisor")
            ),
            ("recursion", renderer.render("division by zero", callStack: deep)),
            ("twice the same", renderer.render([frames[1], frames[1]])),
            ("no stack", renderer.render("division by zero", callStack: [])),
        ]
        try GoldenFile("CallStacks.txt").check(sheet(cases))
    }

    @Test func anyBytesAndSpansAreRendered() {
        // Linear congruential: the cases are always the same.
        var state: UInt64 = 20
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let alphabet: [UInt8] = [9, 10, 13, 32, 65, 66, 0x80, 0xC3, 0xE4, 0xB8, 0x96, 0xF0, 0xFF]
        for _ in 0..<500 {
            let bytes = (0..<next(600)).map { _ in alphabet[next(alphabet.count)] }
            let file = SourceFile(name: "f", bytes: bytes)
            let start = next(bytes.count + 2)
            let end = start + next(bytes.count + 2)
            let span = SourceSpan(start: UInt32(start), end: UInt32(end))
            var options = DiagnosticRenderer.Options()
            options.excerptWidth = next(80)
            options.tabWidth = next(9)
            let renderer = DiagnosticRenderer(options: options)
            let text = renderer.render(Diagnostic(.error, "wrong", in: file, at: span))
            #expect(text.contains("^"))
            let frame = CallFrame(function: "f", file: file, span: span)
            #expect(renderer.render([frame]).contains(": in f"))
        }
    }

    @Test func aVeryLongLineTakesNoTime() {
        let line = [UInt8](repeating: UInt8(ascii: "a"), count: 10_000_000)
        let file = SourceFile(name: "f", bytes: line)
        let diagnostic = Diagnostic(
            .error, "wrong", in: file, at: SourceSpan(start: 5_000_000, end: 5_000_001))
        #expect(DiagnosticRenderer().render(diagnostic).utf8.count < 1000)
    }
}
