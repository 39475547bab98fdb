import SourceDiagnostics
import TestKit
import Testing

@testable import BrambleProject

/// Documents that Python's `tomllib` takes must be taken here, the others refused.
struct TOMLTests {
    static let documents = [
        "a = 1\n[b]\nc.d = 'x'\nc.e = \"y\"", "a = 1\na = 2", "[a]\n[a]", "[a.b]\n[a]\nx=1",
        "[a]\nb.c=1\n[a.b]", "[a]\nb.c=1\n[a.b.d]", "[a.b.c]\n[a]\nb.c.t=1", "[[a]]\n[a]",
        "[[a]]\nx=1\n[[a]]\n[a.b]", "a=[1,]\n[[a]]", "a={b=1}\n[a.c]", "a={b=1}\na.c=2",
        "a={b.c=1,b.d=2}", "a={b={c=1},b.d=2}", "a={b=1,}", "a={\n}", "a=[\n1, # x\n2]",
        "a=0x_1", "a=0xfF_0", "a=-0x1", "a=1__0", "a=01", "a=+0", "a=0.1e-0_1", "a=.1", "a=1.",
        "a=1e5", "a=inf", "a=-nan", "a=9223372036854775807", "a=tru", "a=1979-05-27",
        "a=1979-02-29", "a=1979-05-27 07:32:00.5Z", "a=1979-05-27T07:32:00+25:00", "a=07:32",
        "a=07:32:00", "a=\"\"\"\nx\\\n  y\"\"\"\"\"", "a='''x''''", "a=\"\\u00e9\\q\"",
        "a=\"\\ud800\"", "a=\"x", "a='\u{7f}'", "# \u{1}", "a=1\r\nb=2\r\n", "a=1\rb=2",
        "\"\"=1", "a.\"b.c\".d=1", "=1", "a=", "a", "[a", "[]", "a=1 b=2", "[[a.b]]\n[a]\nb.c=1",
    ]

    private func isValid(_ text: String) -> Bool {
        (try? TOMLDocument(SourceFile(name: "x.toml", text: text))) != nil
    }

    @Test
    func agreesWithPython() throws {
        let folder = try ScratchFolder()
        for (index, text) in TOMLTests.documents.enumerated() {
            try folder.write(text, to: "\(index).toml")
        }
        let script = """
            import tomllib
            for i in range(\(TOMLTests.documents.count)):
                try:
                    tomllib.load(open(f'{i}.toml', 'rb')); print('1')
                except (tomllib.TOMLDecodeError, ValueError): print('0')
            """
        try folder.write(script, to: "judge.py")
        let shell = ShellCommand(folder: folder.path, environment: ["PATH=/usr/bin:/bin"])
        let outcome = try shell.run("python3 judge.py")
        #expect(outcome.status == 0, "\(outcome.standardError)")
        for (text, verdict) in zip(
            TOMLTests.documents, outcome.standardOutput.split(separator: "\n"))
        {
            #expect(isValid(text) == (verdict == "1"), "\(text.debugDescription)")
        }
    }

    @Test
    func placesAreThoseOfTheText() throws {
        let text = "[a]\n\"b\".c = [1, 'x'] # y\n"
        let document = try TOMLDocument(SourceFile(name: "x.toml", text: text))
        let inner = try #require(document.root["a"]?.value.table?["b"]?.value.table?["c"])
        #expect(document.file.text(of: inner.value.span) == "[1, 'x']")
        #expect(document.file.text(of: inner.keySpan) == "c")
        #expect(inner.statement.map { document.file.text(of: $0) } == "\"b\".c = [1, 'x']")
    }

    @Test
    func severalMistakesAreFoundAtOnce() throws {
        let text = "a = x\nb = 1\nb = 2\nc = \"\\q\"\n"
        let error = #expect(throws: DiagnosticList.self) {
            try TOMLDocument(SourceFile(name: "x.toml", text: text))
        }
        #expect(
            error?.diagnostics.map(\.message)
                == [
                    "`x` is not a value", "the key `b` is defined twice",
                    "an unknown escape sequence",
                ])
    }
}
