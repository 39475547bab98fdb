import SourceDiagnostics
import Testing

@testable import BrambleProject

/// Edits change what they are about, and nothing else.
struct TOMLEditingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let before: String
        let after: String
    }

    private func document(_ text: String) throws -> TOMLDocument {
        try TOMLDocument(SourceFile(name: "t.toml", text: text))
    }

    static let settings = [
        Case(testDescription: "empty", before: "", after: "[d]\nk = 1\n"),
        Case(testDescription: "no table", before: "a = 2\n", after: "a = 2\n\n[d]\nk = 1\n"),
        Case(testDescription: "no line end", before: "a = 2", after: "a = 2\n\n[d]\nk = 1\n"),
        Case(testDescription: "empty table", before: "[d]\n[e]\n", after: "[d]\nk = 1\n[e]\n"),
        Case(
            testDescription: "comments stay",
            before: "[d] # ours\nz = 1 # last\n# above e\n\n[e]\n",
            after: "[d] # ours\nz = 1 # last\nk = 1\n# above e\n\n[e]\n"),
        Case(
            testDescription: "replaced", before: "[d]\n  'k' = { a = 1 } # why\nb = 3\n",
            after: "[d]\n  'k' = 1 # why\nb = 3\n"),
        Case(testDescription: "inline", before: "d = { a = 2 }\n", after: "d = { a = 2, k = 1 }\n"),
        Case(testDescription: "tight", before: "d = {a = 2}", after: "d = {a = 2, k = 1 }"),
        Case(testDescription: "empty inline", before: "d = {}\n", after: "d = { k = 1 }\n"),
        Case(testDescription: "dotted", before: "d.a = 2\n[e]\n", after: "d.a = 2\nd.k = 1\n[e]\n"),
        Case(
            testDescription: "tables only", before: "x = 1\n[d.a]\nb = 2\n",
            after: "x = 1\n[d]\nk = 1\n\n[d.a]\nb = 2\n"),
    ]

    @Test(arguments: settings)
    func setting(_ testCase: Case) throws {
        let bytes = try document(testCase.before).setting("k", in: "d", to: "1")
        #expect(String(decoding: bytes, as: UTF8.self) == testCase.after)
        // What comes out says what was asked for, and all that was said before.
        let table = try document(testCase.after).root["d"]?.value.table
        guard case .integer(1)? = table?["k"]?.value.content else {
            Issue.record("`k` is not set in \(testCase.after)")
            return
        }
    }

    static let removals = [
        Case(
            testDescription: "line", before: "[d]\na = 1\nk = 2 # x\nb = 3\n",
            after: "[d]\na = 1\nb = 3\n"),
        Case(testDescription: "last line", before: "[d]\nk = 2", after: "[d]\n"),
        Case(
            testDescription: "several lines", before: "[d]\nk = [\n1,\n]\nb = 1\n",
            after: "[d]\nb = 1\n"),
        Case(testDescription: "only inline", before: "d = { k = 1 }\n", after: "d = {  }\n"),
        Case(
            testDescription: "first inline", before: "d = { k = 1 , a = 2 }", after: "d = { a = 2 }"
        ),
        Case(
            testDescription: "last inline", before: "d = { a = 2, k = 1 }", after: "d = { a = 2 }"),
        Case(testDescription: "dotted", before: "d.k = 1\nd.a = 2\n", after: "d.a = 2\n"),
    ]

    @Test(arguments: removals)
    func removing(_ testCase: Case) throws {
        let bytes = try #require(try document(testCase.before).removing("k", from: "d"))
        #expect(String(decoding: bytes, as: UTF8.self) == testCase.after)
        #expect(try document(testCase.after).root["d"]?.value.table?["k"] == nil)
    }

    @Test(arguments: ["[d.k]\na = 1\n", "[d]\nk.a = 1\n", "[d]\n[d.k.b]\n"])
    func spreadOut(_ text: String) throws {
        let document = try document(text)
        #expect(throws: TOMLDocument.EditFailure.self) {
            try document.setting("k", in: "d", to: "1")
        }
        #expect(throws: TOMLDocument.EditFailure.self) { try document.removing("k", from: "d") }
        #expect(try document.removing("l", from: "d") == nil)
    }

    @Test(arguments: ["d = 1\n", "[[d]]\n"])
    func noTable(_ text: String) throws {
        let document = try document(text)
        #expect(throws: TOMLDocument.EditFailure.self) {
            try document.setting("k", in: "d", to: "1")
        }
    }

    @Test(arguments: ["", "plain", "\"q\" \\ \n\t\u{7F}é", "a.b/c"])
    func keysAndStrings(_ text: String) throws {
        let value = TOMLDocument.string(text)
        let bytes = try document("").setting(text, in: text, to: value)
        let read = try document(String(decoding: bytes, as: UTF8.self))
        #expect(read.root[text]?.value.table?[text]?.value.string == text)
    }
}
