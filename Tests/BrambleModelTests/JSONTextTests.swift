import Testing

@testable import BrambleModel

/// The grammar of JSON, and the one way to write it.
struct JSONTextTests {
    struct Case: CustomTestStringConvertible {
        let text: [UInt8]
        /// What is written for it; nil if it is refused.
        let canonical: String?
        var testDescription: String { String(decoding: text.prefix(60), as: UTF8.self) }

        init(_ text: String, _ canonical: String?) {
            self.text = Array(text.utf8)
            self.canonical = canonical
        }

        init(bytes: [UInt8]) {
            text = bytes
            canonical = nil
        }
    }

    static let values: [Case] = [
        Case("null", "null"), Case(" true ", "true"), Case("\n\r\tfalse", "false"),
        Case("0", "0"), Case("-1", "-1"), Case("9007199254740991", "9007199254740991"),
        Case("-9007199254740991", "-9007199254740991"),
        Case("[]", "[]"), Case("[ 1 , 2 ]", "[1,2]"), Case("{ }", "{}"),
        Case(#"{"b":1,"a":2}"#, #"{"a":2,"b":1}"#),
        Case(#"{"é":1,"z":2,"Z":3,"":4}"#, #"{"":4,"Z":3,"z":2,"é":1}"#),
        // In UTF-16, which other formats sort by, the order would be the other one.
        Case("{\"\u{FFFF}\":1,\"\u{10000}\":2}", "{\"\u{FFFF}\":1,\"\u{10000}\":2}"),
        Case(#""\"\\\/\b\f\n\r\t""#, #""\"\\/\b\f\n\r\t""#),
        Case(#""\u0000\u001f\u007F\u00e9\u4e16\uD83D\uDE00""#, "\"\\u0000\\u001f\u{7F}é世😀\""),
        Case(#""\u0041\u0022\u005c\u0008""#, #""A\"\\\b""#),
        Case("\"12345678\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}\u{10FFFF}\"", nil).same,
        Case("{\"\u{E9}\":1,\"e\u{301}\":2}", "{\"e\u{301}\":2,\"\u{E9}\":1}"),
        Case("{\"K\":1,\"\u{212A}\":2}", "{\"K\":1,\"\u{212A}\":2}"),
    ]

    static let refused: [Case] =
        [
            "", " ", "nul", "nulll", "True", "'a'", "a", "+1", "01", "-", "-0", "--1", "1.0", "1e2",
            "1E2", ".5", "1.", "0x1", "9007199254740992", "-9007199254740992",
            String(repeating: "9", count: 5000), "NaN", "Infinity", "[", "[1", "[1,", "[1,]",
            "[,1]",
            "[1 2]", "[1}", "]", "{", "{}}", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,",
            "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "{1:1}", "{\"a\":1 \"b\":2}", "{\"a\":1]", "{,}",
            "\"", "\"a", "\"\\", "\"\\\"", "\"\\x\"", "\"\\u\"", "\"\\u12\"", "\"\\u12g4\"",
            "\"\\u123", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\ud800\"", "\"\\ud800\\n\"",
            "\"\\ud800x\"", "\"\\uD800\\u\"", "\"\n\"", "\"\t\"", "\"\0\"", "\"1234567\u{1F}\"",
            "1 2", "null,", "// a\n1", "1//", "\u{FEFF}1", "\u{A0}1", "{\"a\":1,\"a\":2}",
            "{\"a\":1,\"\\u0061\":2}", "[[{\"x\":{\"b\":1,\"a\":1,\"b\":1}}]]",
        ].map { Case($0, nil) }
        + [
            [0x80], [0xC0, 0x80], [0xC2], [0xC2, 0x41], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
            [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF],
            [0xE4, 0xB8], [0xF0, 0x9F, 0x98], [0xE2, 0x28, 0xA1], [0xF0, 0x9F, 0x28, 0x80],
        ].map { Case(bytes: [0x22] + $0 + [0x22]) }

    @Test(arguments: values)
    func canonicalText(_ row: Case) throws {
        let value = try JSONValue(json: row.text, limits: .default)
        var writer = JSONWriter()
        value.write(to: &writer)
        #expect(writer.bytes == Array((row.canonical ?? "").utf8))
        let again = try JSONValue(json: writer.bytes, limits: .default)
        var second = JSONWriter()
        again.write(to: &second)
        #expect(second.bytes == writer.bytes)
    }

    @Test(arguments: refused)
    func refusedText(_ row: Case) {
        let fault = #expect(throws: Fault.self) {
            try JSONValue(json: row.text, limits: .default)
        }
        #expect((0...row.text.count).contains(fault?.offset ?? -1))
        // Skipping looks as closely, except at keys.
        if fault?.code != .duplicateKey {
            #expect(throws: Fault.self) { try skip(row.text) }
        }
    }

    private func skip(_ text: [UInt8]) throws(Fault) {
        let result = text.withUnsafeBufferPointer { text in
            Result { () throws(Fault) in
                var scanner = try JSONScanner(text, limits: .default)
                scanner.skipSpace()
                try scanner.skipValue()
                try scanner.finish()
            }
        }
        try result.get()
    }

    @Test func depth() throws {
        for brackets in [("[", "]"), ("{\"a\":", "}")] {
            func nested(_ depth: Int) -> [UInt8] {
                let opening = String(repeating: brackets.0, count: depth)
                return Array((opening + "1" + String(repeating: brackets.1, count: depth)).utf8)
            }
            #expect(throws: Never.self) { try skip(nested(64)) }
            #expect(throws: Fault.self) { try skip(nested(65)) }
            #expect(throws: Never.self) { try JSONValue(json: nested(64), limits: .default) }
            let fault = #expect(throws: Fault.self) {
                try JSONValue(json: nested(1_000_000), limits: .default)
            }
            #expect(fault?.code == .limit)
        }
    }

    @Test func length() throws {
        let limits = JSONLimits(bytes: 4, depth: 2)
        #expect(throws: Never.self) { try JSONValue(json: Array("1234".utf8), limits: limits) }
        let fault = #expect(throws: Fault.self) {
            try JSONValue(json: Array("12345".utf8), limits: limits)
        }
        #expect(fault?.code == .limit)
    }

    /// Every byte where the eight-byte steps of the scanner may see it.
    @Test func bytesAtAllPositions() throws {
        for byte in 0...127 as ClosedRange<UInt8> {
            for position in 0..<17 {
                var content = [UInt8](repeating: UInt8(ascii: "a"), count: 17)
                content[position] = byte
                let isPlain = byte >= 0x20 && byte != 0x22 && byte != 0x5C
                let value = try? JSONValue(json: [0x22] + content + [0x22], limits: .default)
                if case .string(let text)? = value {
                    #expect(isPlain && Array(text.utf8) == content)
                } else {
                    #expect(!isPlain, "byte \(byte) at \(position)")
                }
            }
        }
    }
}

extension JSONTextTests.Case {
    /// A text that is canonical.
    var same: Self {
        Self(String(decoding: text, as: UTF8.self), String(decoding: text, as: UTF8.self))
    }
}
