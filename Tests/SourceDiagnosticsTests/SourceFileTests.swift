import SourceDiagnostics
import Testing

struct SourceFileTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var bytes: [UInt8]
        var offset: UInt32
        var location: SourcePosition

        init(_ name: String, _ text: String, at offset: UInt32, _ line: Int, _ column: Int) {
            self.init(name, bytes: Array(text.utf8), at: offset, line, column)
        }

        init(_ name: String, bytes: [UInt8], at offset: UInt32, _ line: Int, _ column: Int) {
            self.name = name
            self.bytes = bytes
            self.offset = offset
            location = SourcePosition(line: line, column: column)
        }

        var testDescription: String { name }
    }

    @Test(arguments: [
        Case("empty file", "", at: 0, 1, 1),
        Case("start", "abc", at: 0, 1, 1),
        Case("end without a line end", "abc", at: 3, 1, 4),
        Case("beyond the end", "abc", at: 99, 1, 4),
        Case("line feed belongs to its line", "ab\ncd", at: 2, 1, 3),
        Case("after a line feed", "ab\ncd", at: 3, 2, 1),
        Case("after a carriage return", "ab\rcd", at: 3, 2, 1),
        Case("between carriage return and line feed", "ab\r\ncd", at: 3, 1, 4),
        Case("after both", "ab\r\ncd", at: 4, 2, 1),
        Case("after the last line end", "ab\n", at: 3, 2, 1),
        Case("columns are scalars", "é世😀x", at: 9, 1, 4),
        Case("a tab is one column", "\t\tx", at: 2, 1, 3),
        Case("invalid bytes", bytes: [0xFF, 0xFE, 0x61], at: 2, 1, 3),
    ])
    func location(_ test: Case) {
        let file = SourceFile(name: "f", bytes: test.bytes)
        #expect(file.location(of: test.offset) == test.location)
    }

    @Test func lines() {
        let file = SourceFile(name: "f", text: "a\nb\r\n\rc")
        #expect(file.lineCount == 4)
        #expect((1...4).map(file.text(ofLine:)) == ["a", "b", "", "c"])
        #expect(file.text(ofLine: 0).isEmpty && file.text(ofLine: 5).isEmpty)
        #expect(SourceFile(name: "f", text: "").lineCount == 1)
    }

    @Test func spans() {
        let file = SourceFile(name: "f", text: "hello")
        #expect(file.text(of: SourceSpan(start: 1, end: 3)) == "el")
        #expect(file.text(of: SourceSpan(start: 4, end: 90)) == "o")
        #expect(file.text(of: SourceSpan(start: 90, end: 91)).isEmpty)
        let union = SourceSpan(start: 1, end: 3).union(SourceSpan(start: 2, end: 9))
        #expect(union == SourceSpan(start: 1, end: 9))
    }
}
