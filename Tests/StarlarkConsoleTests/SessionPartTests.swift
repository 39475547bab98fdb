import Testing

@testable import StarlarkConsole

/// The small parts of a session that are values.
@Suite struct SessionPartTests {
    @Test func historyFilesKeepWhatTheyAreGiven() {
        let entries = ["x = 1", "def f():\n    return \"\\n\"", "\\"]
        let file = entries.map(History.line).joined()
        #expect(file.split(separator: "\n").count == 3)
        #expect(History(file: file).entries == entries)
    }

    @Test func historiesAreLimited() {
        var history = History((0..<2_000).map { "x = \($0)" })
        #expect(history.entries.count == History.maximumCount)
        #expect(history.entries.first == "x = 1000")
        let huge = String(repeating: "x", count: History.maximumSizeBytes + 1)
        let added = ["x = 1999", " \n", huge].map { history.add($0) }
        #expect(added == [false, false, false])
    }

    @Test(arguments: [
        ("pri", 3, ["print"]), ("x = le", 2, ["len"]), ("", 0, ["len", "print", "value"]),
        ("value.", 0, ["append", "pop"]), ("f(value.po", 2, ["pop"]), ("value.x.", 0, []),
        ("_", 1, ["_private"]), ("1.", 0, []), ("f().x", 0, []),
    ])
    func names(_ text: String, _ prefixLength: Int, _ candidates: [String]) {
        let completion = NameCompletion(
            names: { ["print", "len", "value", "_private", "len"] },
            attributes: { $0 == ["value"] ? ["append", "pop"] : [] })
        #expect(completion(text).candidates == candidates)
        if !candidates.isEmpty { #expect(completion(text).prefixLength == prefixLength) }
    }
}
