import Testing

@testable import Starlark

/// A call of a method, and what it gives or how it fails.
struct MethodCase: CustomTestStringConvertible, Sendable {
    let receiver: Literal
    let name: String
    let arguments: [Literal]
    let named: [(String, Literal)]
    let outcome: String

    init(
        _ receiver: Literal, _ name: String, _ arguments: [Literal] = [],
        named: [(String, Literal)] = [], _ outcome: String
    ) {
        self.receiver = receiver
        self.name = name
        self.arguments = arguments
        self.named = named
        self.outcome = outcome
    }

    var testDescription: String { "\(receiver).\(name)\(arguments)" }

    func check(sourceLocation: SourceLocation = #_sourceLocation) {
        let found = BuiltinFixture().outcome { fixture throws(Failure) in
            try fixture.call(name, on: receiver, arguments, named: named)
        }
        #expect(found == outcome, sourceLocation: sourceLocation)
    }
}

@Suite struct StringMethodTests {
    private static let long = Literal.string(Array(repeating: 97, count: 3000) + [98])

    static let searching: [MethodCase] = [
        MethodCase("mississippi", "find", ["ssi"], "2"),
        MethodCase("mississippi", "rfind", ["ssi"], "5"),
        MethodCase("mississippi", "find", ["ssi", 3], "5"),
        MethodCase("mississippi", "find", ["ssi", 3, -4], "-1"),
        MethodCase("mississippi", "rfind", ["", 2, 4], "4"),
        MethodCase("mississippi", "count", ["ss"], "2"),
        MethodCase("aaaa", "count", ["aa"], "2"),
        MethodCase("añb", "count", [""], "4"),
        MethodCase(long, "find", ["aaaaaaaab"], "2992"),
        MethodCase(long, "find", ["aaaaaaaac"], "-1"),
        MethodCase(long, "rfind", ["aaaaaaaaa"], "2991"),
        MethodCase(long, "rfind", ["baaaaaaaa"], "-1"),
        MethodCase(long, "count", ["aaa"], "1000"),
        MethodCase("abc", "index", ["x"], "error: index: substring not found"),
        MethodCase("abc", "find", [1], "error: find: for parameter 1: got int, want string"),
        MethodCase("abc", "find", [], "error: find: got 0 arguments, want at least 1"),
        MethodCase("abc", "find", ["a", "b"], "error: find: invalid start index: got string, want int"),
        MethodCase("abc", "startswith", [.tuple(["x", "ab"])], "True"),
        MethodCase("abc", "startswith", ["b", 1], "True"),
        MethodCase("abc", "endswith", ["b", nil, -1], "True"),
        MethodCase(
            "abc", "endswith", [.tuple(["x", 2])],
            "error: endswith: want string, got int, for element 1"),
        MethodCase(
            "abc", "endswith", [["c"]],
            "error: endswith: got list, want string or tuple of string"),
        MethodCase("prefix-x", "removeprefix", ["prefix-"], "\"x\""),
        MethodCase("x.o", "removesuffix", [".a"], "\"x.o\""),
    ]

    static let splitting: [MethodCase] = [
        MethodCase("a,b,,c", "split", [","], #"["a", "b", "", "c"]"#),
        MethodCase("a,b,,c", "split", [",", 1], #"["a", "b,,c"]"#),
        MethodCase("a,b,,c", "rsplit", [",", 1], #"["a,b,", "c"]"#),
        MethodCase("a::b::c", "split", ["::"], #"["a", "b", "c"]"#),
        MethodCase("a::b::c", "rsplit", ["::", 1], #"["a::b", "c"]"#),
        MethodCase("", "split", [","], #"[""]"#),
        MethodCase("", "split", [], "[]"),
        MethodCase(" one  two\tthree ", "split", [], #"["one", "two", "three"]"#),
        MethodCase(" one  two\tthree ", "split", [nil, 1], #"["one", "two\tthree "]"#),
        MethodCase(" one  two\tthree ", "rsplit", [nil, 1], #"[" one  two", "three"]"#),
        MethodCase("one\u{3000}two", "split", [], #"["one", "two"]"#),
        MethodCase("a b", "split", [], named: [("maxsplit", 0)], #"["a b"]"#),
        MethodCase(
            "a b", "split", [], named: [("sap", " ")],
            "error: split: unexpected keyword argument sap"),
        MethodCase("a", "split", [""], "error: split: empty separator"),
        MethodCase("a\nb\r\nc\r", "splitlines", [], #"["a", "b", "c"]"#),
        MethodCase("a\nb\r\n\nc", "splitlines", [true], #"["a\n", "b\r\n", "\n", "c"]"#),
        MethodCase("k=v=w", "partition", ["="], #"("k", "=", "v=w")"#),
        MethodCase("k=v=w", "rpartition", ["="], #"("k=v", "=", "w")"#),
        MethodCase("k", "rpartition", ["="], #"("", "", "k")"#),
        MethodCase(", ", "join", [["a", "b"]], #""a, b""#),
        MethodCase("", "join", [.tuple([])], #""""#),
        MethodCase("", "join", [.method("aé", "codepoints")], #""aé""#),
        MethodCase("", "join", [["a", 1]], "error: join: in list, want string, got int"),
    ]

    static let changing: [MethodCase] = [
        MethodCase("banana", "replace", ["an", "x"], #""bxxa""#),
        MethodCase("banana", "replace", ["an", "x", 1], #""bxana""#),
        MethodCase("aé", "replace", ["", "-"], #""-a-é-""#),
        MethodCase("aé", "replace", ["", "-", 1], #""-aé""#),
        MethodCase("  x\u{a0}", "strip", [], #""x""#),
        MethodCase("xyzabcyx", "strip", ["xy"], #""zabc""#),
        MethodCase("ééaé", "lstrip", ["é"], #""aé""#),
        MethodCase("aéé", "rstrip", ["èé"], #""a""#),
        MethodCase("Straße é", "upper", [], #""STRAßE É""#),
        MethodCase("ÀB", "lower", [], #""àb""#),
        MethodCase("İ", "lower", [], #""i""#),
        MethodCase("hELLO wORLD", "capitalize", [], #""Hello world""#),
        MethodCase("they're bill's", "title", [], #""They'Re Bill'S""#),
        MethodCase("ǆ", "title", [], #""ǅ""#),
        MethodCase("Été Ok", "istitle", [], "True"),
        MethodCase("ÉTÉ", "istitle", [], "False"),
        MethodCase("été 1", "islower", [], "True"),
        MethodCase("12", "isupper", [], "False"),
        MethodCase("x٣", "isalnum", [], "True"),
        MethodCase("\t\u{85}", "isspace", [], "True"),
        MethodCase("", "isdigit", [], "False"),
    ]

    static let formatting: [MethodCase] = [
        MethodCase("{}-{}", "format", [1, "a"], #""1-a""#),
        MethodCase("{1}{0!r}{{}}", "format", ["a", "b"], #""b\"a\"{}""#),
        MethodCase("{x}{}", "format", [1], named: [("x", "é")], #""é1""#),
        MethodCase("{}{1}", "format", [1, 2],
            "error: format: cannot switch from automatic field numbering to manual field specification"),
        MethodCase("{99999999999999999999}", "format", [1], "error: format: tuple index out of range"),
        MethodCase("{a.b}", "format", [1],
            "error: format: attribute syntax x.y is not supported in replacement fields: a.b"),
        MethodCase("{", "format", [], "error: format: unmatched '{' in format"),
        MethodCase("}", "format", [], "error: format: single '}' in format"),
        MethodCase("{!x}", "format", [1], #"error: format: unknown conversion "x""#),
        MethodCase("{:3}", "format", [1],
            "error: format: format spec features not supported in replacement fields: 3"),
    ]

    @Test(arguments: searching) func searches(_ testCase: MethodCase) { testCase.check() }
    @Test(arguments: splitting) func splits(_ testCase: MethodCase) { testCase.check() }
    @Test(arguments: changing) func changes(_ testCase: MethodCase) { testCase.check() }
    @Test(arguments: formatting) func formats(_ testCase: MethodCase) { testCase.check() }

    /// Random texts over two letters, against the definition of a search.
    @Test func searchesAsDefined() {
        var seed: UInt64 = 42
        func random(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % bound
        }
        for round in 0..<2000 {
            let text = (0..<random(400)).map { _ in UInt8(97 + random(20) / 19) }
            let needle = (0..<random(12)).map { _ in UInt8(97 + random(20) / 19) }
            let places = (0...text.count).filter { text[$0...].starts(with: needle) }
            text.withUnsafeBufferPointer { text in
                needle.withUnsafeBufferPointer { needle in
                    #expect(ByteSearch.first(needle, in: text) == places.first ?? -1, "\(round)")
                    #expect(ByteSearch.last(needle, in: text) == places.last ?? -1, "\(round)")
                }
            }
        }
    }
}
