import TestKit
import Testing

/// The reader of chunked test files, which other tests rely on.
struct ChunkedFileTests {
    private let file = ChunkedFile(
        name: "f.star",
        text: """
            # option:set, option:recursion
            a ### "one \\"two\\" \\\\("
            ---
            b
            c ### `back \\d+`
            d ### bare text  \r
            --- not a separator
            ---
            ---
            e
            """ + "\n")

    @Test func chunks() {
        #expect(file.chunks.map(\.firstLine) == [1, 4, 9, 10])
        #expect(
            file.chunks.map(\.description) == ["f.star:1", "f.star:4", "f.star:9", "f.star:10"])
        #expect(file.chunks[3].text == String(repeating: "\n", count: 9) + "e\n")
        #expect(file.chunks[2].text == String(repeating: "\n", count: 8))
        #expect(file.chunks[0].options == ["set", "recursion"])
        #expect(file.chunks[1].options.isEmpty)
    }

    @Test func expectations() {
        let first = file.chunks[0].expectations
        #expect(first.map(\.pattern) == ["one \"two\" \\("])
        #expect(first.map(\.line) == [2])
        let second = file.chunks[1].expectations
        #expect(second.map(\.pattern) == ["back \\d+", "bare text"])
        #expect(second.map(\.line) == [5, 6])
        #expect(second.map(\.isQuoted) == [true, false])
    }

    @Test func mismatches() {
        let chunk = file.chunks[1]
        #expect(chunk.mismatches([(5, "so back 12"), (6, "bare text")]).isEmpty)
        #expect(
            chunk.mismatches([(5, "back x"), (6, "bare text"), (6, "some bare text")])
                == ["line 5: back \\d+: no such error", "line 5: unexpected: back x"])
        let broken = ChunkedFile(name: "f", text: "a ### (b")
        #expect(broken.chunks[0].mismatches([(1, "x (b")]).isEmpty)
    }

    @Test func goldenFiles() {
        let golden = GoldenFile("DoesNotExist.txt")
        #expect(golden.path.hasSuffix("/SourceDiagnosticsTests/Golden/DoesNotExist.txt"))
    }
}
