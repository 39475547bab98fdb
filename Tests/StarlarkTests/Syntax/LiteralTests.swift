import SourceDiagnostics
import Starlark
import Testing

struct LiteralTests {
    @Test(arguments: [
        ParsingCase("0", "0"), ParsingCase("00", "0"), ParsingCase("123", "123"),
        ParsingCase("0xA", "10"), ParsingCase("0XfF", "255"), ParsingCase("0o17", "15"),
        ParsingCase("0O7", "7"), ParsingCase("0b1010", "10"), ParsingCase("0B1", "1"),
        ParsingCase("999999999999999999", "999999999999999999"),
        ParsingCase("4611686018427387903", "4611686018427387903"),
        ParsingCase("4611686018427387904", "big:4611686018427387904"),
        ParsingCase("0x3fffffffffffffff", "4611686018427387903"),
        ParsingCase("0x4000000000000000", "big:0x4000000000000000"),
        ParsingCase("0000000000000000000000", "0"),
        ParsingCase("0x00000000000000000000001", "1"),
        ParsingCase("99999999999999999999999", "big:99999999999999999999999"),
        ParsingCase(
            "0b" + String(repeating: "1", count: 63),
            "big:0b" + String(repeating: "1", count: 63)),
        ParsingCase("6 if a else 7", "(? a 6 7)"),
        ParsingCase("6if a else 7", "(? a 6 7)"),
    ])
    func ints(_ test: ParsingCase) throws {
        #expect(try Outline.ofExpression(test.source) == test.result)
    }

    @Test(arguments: [
        ("0.", 0.0), ("0.0", 0), (".0", 0), ("0.e1", 0), ("1.", 1), (".5", 0.5), ("1.5", 1.5),
        ("1e3", 1000), ("1E+3", 1000), ("1e-3", 0.001), (".1e1", 1), ("1.e2", 100),
        ("0123.", 123), ("012934e1", 129340), ("09.5", 9.5),
        ("0.1", 0.1), ("123456789.123456789", 123456789.123456789),
        ("1.7976931348623157e308", Double.greatestFiniteMagnitude),
        ("5e-324", Double.leastNonzeroMagnitude), ("2e-324", 0), ("1e-400", 0),
        ("0e999999999", 0), ("9007199254740993.0", 9_007_199_254_740_992),
    ])
    func floats(_ source: String, _ value: Double) throws {
        let tree = try SyntaxTree.parseExpression(SourceFile(name: "t", text: source))
        guard case .expression(let expression)? = tree.statements.first?.kind,
            case .float(let parsed) = expression.kind
        else {
            Issue.record("not a float")
            return
        }
        #expect(parsed == value)
    }

    @Test(arguments: [
        ParsingCase(#""""#, ""), ParsingCase("''", ""), ParsingCase(#""a'b""#, "a'b"),
        ParsingCase(#"'a"b'"#, "a\"b"),
        ParsingCase(#""\a\b\f\n\r\t\v\\\'\"""#, "\u{7}\u{8}\u{C}\n\r\t\u{B}\\'\""),
        ParsingCase(#""\0\12\101\1011\119""#, "\0\nAA1\t9"),
        ParsingCase(#""\x00\x41\x7f""#, "\0A\u{7F}"),
        ParsingCase(#""\u0400\u4E16\U0001F63F""#, "Ѐ世😿"),
        ParsingCase("\"a\\\nb\"", "ab"), ParsingCase("\"a\\\r\nb\"", "ab"),
        ParsingCase("\"a\\\rb\"", "ab"),
        ParsingCase("'''a\nb\r\nc\rd\n\re'''", "a\nb\nc\nd\n\ne"),
        ParsingCase(#"'''a'b''c\''''"#, "a'b''c'"), ParsingCase("''''a'''", "'a"),
        ParsingCase("\"\"\"\"\"\"", ""), ParsingCase(#""""a\\""""#, "a\\"),
        ParsingCase(#"r"a\n\"b\\""#, #"a\n\"b\\"#), ParsingCase(#"r'\''"#, #"\'"#),
        ParsingCase("r'a\\\nb'", "a\\\nb"), ParsingCase("r'a\\\r\nb'", "a\\\nb"),
        ParsingCase("r'''a\r\nb\\'''' + c", #"a\#nb\'"#),
        ParsingCase("\"é世😀\"", "é世😀"), ParsingCase("\"\u{FEFF}\"", "\u{FEFF}"),
        ParsingCase("\"\t\u{0}\u{1}\"", "\t\u{0}\u{1}"),
    ])
    func strings(_ test: ParsingCase) throws {
        let tree = try SyntaxTree.parse(SourceFile(name: "t", text: test.source))
        var found: String?
        tree.walk { element in
            if case .expression(let expression) = element,
                case .string(let text) = expression.kind
            {
                found = found ?? text
            }
            return true
        }
        #expect(found == test.result)
    }

    @Test(arguments: [
        (#"b"abc""#, Array("abc".utf8)), (#"b"é""#, [0xC3, 0xA9]),
        (#"b"\x80\xff\377\0""#, [0x80, 0xFF, 0xFF, 0]), (#"b"\u4e16""#, [0xE4, 0xB8, 0x96]),
        (#"rb"\x""#, Array(#"\x"#.utf8)), (#"br'\''"#, Array(#"\'"#.utf8)),
        ("b'''\r\n'''", [10]), ("b''", []),
    ])
    func bytes(_ source: String, _ value: [UInt8]) throws {
        #expect(try Outline.ofExpression(source) == "b" + value.description)
    }

    @Test(arguments: [
        "x", "_", "__a1", "éclair", "Größe", "名前", "ªb", "r", "b", "rb", "bar", "None", "assert",
        "match", "print", "ifx", "notin",
    ])
    func names(_ name: String) throws {
        #expect(try Outline.ofExpression(name) == name)
    }
}
