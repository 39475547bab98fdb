import Testing

@testable import StarlarkConsole

/// Bytes as terminals send them, and the keys that they stand for.
@Suite struct KeyDecoderTests {
    struct Case: CustomTestStringConvertible {
        var testDescription: String
        var bytes: String
        var keys: [Key]

        init(_ description: String, _ bytes: String, _ keys: [Key]) {
            testDescription = description
            self.bytes = bytes
            self.keys = keys
        }
    }

    @Test(arguments: [
        Case("letters", "ab", [.text("a"), .text("b")]),
        Case("characters of several bytes", "é日😀", [.text("é"), .text("日"), .text("😀")]),
        Case("control keys", "\u{01}\u{04}\u{12}", [.control("a"), .control("d"), .control("r")]),
        Case(
            "enter, tab, backspace", "\r\n\t\u{7F}\u{08}",
            [.enter, .enter, .tab, .backspace, .backspace]),
        Case("arrows", "\u{1B}[A\u{1B}[B\u{1B}[C\u{1B}[D", [.up, .down, .right, .left]),
        Case("arrows in application mode", "\u{1B}OA\u{1B}OD", [.up, .left]),
        Case("with Ctrl and Alt", "\u{1B}[1;5C\u{1B}[1;3D", [.wordRight, .wordLeft]),
        Case("with Shift, which changes nothing", "\u{1B}[1;2C", [.right]),
        Case("home and end", "\u{1B}[H\u{1B}[F\u{1B}[1~\u{1B}[4~", [.home, .end, .home, .end]),
        Case("delete", "\u{1B}[3~\u{1B}[3;5~", [.delete, .deleteWordForward]),
        Case(
            "Alt with a letter", "\u{1B}b\u{1B}f\u{1B}d",
            [.wordLeft, .wordRight, .deleteWordForward]),
        Case("Alt with enter", "\u{1B}\r", [.lineBreak]),
        Case("unknown sequences", "\u{1B}[99z\u{1B}[200zx", [.text("x")]),
        Case(
            "a paste", "\u{1B}[200~a\r\nb\rc\u{1B}[Ad\u{1B}[201~e",
            [.paste("a\nb\nc\u{1B}[Ad"), .text("e")]),
        Case("an empty paste", "\u{1B}[200~\u{1B}[201~", [.paste("")]),
    ])
    func decoding(_ row: Case) {
        #expect(decode(Array(row.bytes.utf8)) == row.keys)
    }

    @Test func bytesThatAreNoText() {
        #expect(decode([0x61, 0xFF, 0x80, 0xC3, 0x62]) == [.text("a"), .text("b")])
    }

    @Test func aLoneEscapeIsAKeyAfterAWhile() {
        var decoder = KeyDecoder()
        let first = decoder.feed(0x1B)
        #expect(first == nil)
        #expect(decoder.isAfterEscape)
        let late = [decoder.timeOut(), decoder.timeOut()]
        #expect(late == [.escape, nil])
        #expect(!decoder.isAfterEscape)
    }

    @Test func sequencesWithoutEndAreGivenUp() {
        let bytes = Array("\u{1B}[".utf8) + Array(repeating: UInt8(ascii: "1"), count: 100)
        #expect(decode(bytes + [UInt8(ascii: "x")]).last == .text("x"))
    }

    private func decode(_ bytes: [UInt8]) -> [Key] {
        var decoder = KeyDecoder()
        return bytes.compactMap { decoder.feed($0) }
    }
}
