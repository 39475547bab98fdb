import SourceDiagnostics
import TestKit
import Testing

@testable import BrambleProject

/// Places and mistakes: what Python's reader, with which values are compared, does not have.
struct TOMLTests {
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
