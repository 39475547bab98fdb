import BrambleSandbox
import Testing

/// What becomes of a log's bytes.
@Suite struct LogSanitizerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
        var lines: [String]

        init(_ name: String, _ text: String, _ lines: [String]) {
            (testDescription, bytes, self.lines) = (name, Array(text.utf8), lines)
        }

        init(_ name: String, bytes: [UInt8], _ lines: [String]) {
            (testDescription, self.bytes, self.lines) = (name, bytes, lines)
        }
    }

    static let cases = [
        Case("nothing", "", []),
        Case("plain", "a\nb\n", ["a", "b"]),
        Case("no end", "a\nb", ["a", "b"]),
        Case("empty lines", "\n\na\n", ["", "", "a"]),
        Case("progress", "1%\r2%\rdone\r\nnext\n", ["1%", "2%", "done", "next"]),
        Case("tab", "a\tb\n", ["a\tb"]),
        Case("control characters", "a\u{0}\u{7}\u{8}\u{7f}b\n", ["ab"]),
        Case("colours", "\u{1b}[1;31mred\u{1b}[0m\n", ["red"]),
        Case("clears the screen", "\u{1b}[2J\u{1b}[Hx\n", ["x"]),
        Case("window title", "\u{1b}]0;title\u{7}x\n", ["x"]),
        Case("title, long end", "\u{1b}]0;title\u{1b}\\x\n", ["x"]),
        Case("device control", "\u{1b}Pq#0\u{1b}\\x\n", ["x"]),
        Case("character set", "\u{1b}(Bx\n", ["x"]),
        Case("unclosed string", "\u{1b}]0;title\nx\n", ["", "x"]),
        Case("unclosed sequence", "\u{1b}[12\nx\n", ["", "x"]),
        Case("upper controls", "a\u{9b}31mb\n", ["a\u{fffd}31mb"]),
        Case("direction", "a\u{202e}b\u{2066}c\n", ["a\u{fffd}b\u{fffd}c"]),
        Case("text of the world", "Grüße, 世界\n", ["Grüße, 世界"]),
        Case("not UTF-8", bytes: [0x61, 0xff, 0x62, 0x0a], ["a\u{fffd}b"]),
        Case("just fits", "0123456789abcdef\n", ["0123456789abcdef"]),
        Case("too long", "0123456789abcdefg\n", ["0123456789abcdef … (line cut)"]),
        Case("cut at the end", "0123456789abcdefg", ["0123456789abcdef … (line cut)"]),
    ]

    @Test(arguments: cases)
    func lines(_ testCase: Case) {
        // However the bytes come, the lines are the same.
        for chunk in 1...max(1, testCase.bytes.count) {
            #expect(
                lines(of: testCase.bytes, chunk: chunk) == testCase.lines, "in chunks of \(chunk)")
        }
    }

    private func lines(of bytes: [UInt8], chunk: Int) -> [String] {
        var sanitizer = LogSanitizer(lineLimit: 16)
        var result: [String] = []
        for start in stride(from: 0, to: bytes.count, by: chunk) {
            bytes[start..<min(start + chunk, bytes.count)].withUnsafeBytes {
                sanitizer.append($0) { result.append($0) }
            }
        }
        sanitizer.finish { result.append($0) }
        return result
    }
}
