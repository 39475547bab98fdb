import Testing

@testable import Starlark

@Suite struct StringMethodTests {
    static let searching = ExpressionCase.table(
        #"""
        "mississippi".find("ssi") => 2
        "mississippi".rfind("ssi") => 5
        "mississippi".find("ssi", 3) => 5
        "mississippi".find("ssi", 3, -4) => -1
        "mississippi".rfind("", 2, 4) => 4
        "mississippi".find("m", -1 << 80, 1 << 80) => 0
        "aaaa".count("aa") => 2
        "añb".count("") => 4
        ("a" * 3000 + "b").find("aaaaaaaab") => 2992
        ("a" * 3000 + "b").find("aaaaaaaac") => -1
        ("a" * 3000 + "b").rfind("aaaaaaaaa") => 2991
        ("a" * 3000 + "b").rfind("baaaaaaaa") => -1
        "abc".index("x") => error: index: substring not found
        "abc".find(1) => error: find: for parameter 1: got int, want string
        "abc".find() => error: find: got 0 arguments, want at least 1
        "abc".find("a", "b") => error: find: invalid start index: got string, want int
        "abc".startswith(("x", "ab")) => True
        "abc".endswith("b", None, -1) => True
        "abc".endswith(("x", 2)) => error: endswith: want string, got int, for element 1
        "abc".endswith(["c"]) => error: endswith: got list, want string or tuple of string
        "x.o".removesuffix(".a") => "x.o"
        """#)

    static let splitting = ExpressionCase.table(
        #"""
        "a,b,,c".split(",") => ["a", "b", "", "c"]
        "a,b,,c".rsplit(",", 1) => ["a,b,", "c"]
        "a::b::c".rsplit("::", 1) => ["a::b", "c"]
        "".split(",") => [""]
        " one  two\tthree ".split() => ["one", "two", "three"]
        " one  two\tthree ".split(None, 1) => ["one", "two\tthree "]
        " one  two\tthree ".rsplit(None, 1) => [" one  two", "three"]
        "one\u3000two".split() => ["one", "two"]
        "a b".split(maxsplit = 0) => ["a b"]
        "a".split("") => error: split: empty separator
        "a\nb\r\nc\r".splitlines() => ["a", "b", "c"]
        "a\nb\r\n\nc".splitlines(True) => ["a\n", "b\r\n", "\n", "c"]
        "k=v=w".rpartition("=") => ("k=v", "=", "w")
        "".join("aé".codepoints()) => "aé"
        "".join(["a", 1]) => error: join: in list, want string, got int
        """#)

    static let changing = ExpressionCase.table(
        #"""
        "banana".replace("an", "x", 1) => "bxana"
        "aé".replace("", "-") => "-a-é-"
        "aé".replace("", "-", 1) => "-aé"
        "  x\u00a0".strip() => "x"
        "ééaé".lstrip("é") => "aé"
        "aéé".rstrip("èé") => "a"
        "é"[:1].strip("é"[:1]) => ""
        "é".strip("é"[:1]) => "é"
        "Straße é".upper() => "STRAßE É"
        "é"[1:].upper() => "\xa9"
        "İ".lower() => "i"
        "hELLO wORLD".capitalize() => "Hello world"
        "they're bill's".title() => "They'Re Bill'S"
        "ǆ".title() => "ǅ"
        "Été Ok".istitle() => True
        "x٣".isalnum() => True
        "\t\u0085".isspace() => True
        "".isdigit() => False
        """#)

    static let formatting = ExpressionCase.table(
        #"""
        "{1}{0!r}{{}}".format("a", "b") => "b\"a\"{}"
        "{x}{}".format(1, x = "é") => "é1"
        "{99999999999999999999}".format(1) => error: format: tuple index out of range
        "{".format() => error: format: unmatched '{' in format
        "{!x}".format(1) => error: format: unknown conversion "x"
        "{:3}".format(1) => error: format: format spec features not supported in replacement fields: 3
        "%s|%r|%%" % ("a", "a") => "a|\"a\"|%"
        "%(k)s" % {"k": 1} => "1"
        "%x %X %o %c" % (255, 255, 8, 233) => "ff FF 10 é"
        "%d %e" % (1.9, 1) => "1 1.000000e+00"
        "%s" % () => error: not enough arguments for format string
        "" % 1 => error: too many arguments for format string
        "%" % 1 => error: incomplete format
        "%(k" % {} => error: incomplete format key
        "%d" % "x" => error: %d format requires integer: cannot convert string to int
        "%c" % 0x110000 => error: %c format requires a valid Unicode code point, got 1114112
        "%y" % 1 => error: unknown conversion %y
        """#)

    @Test(arguments: searching) func searches(_ testCase: ExpressionCase) { testCase.check() }
    @Test(arguments: splitting) func splits(_ testCase: ExpressionCase) { testCase.check() }
    @Test(arguments: changing) func changes(_ testCase: ExpressionCase) { testCase.check() }
    @Test(arguments: formatting) func formats(_ testCase: ExpressionCase) { testCase.check() }

    /// Random texts over two letters, against the definition of a search.
    @Test func searchesAsDefined() {
        var state: UInt64 = 42
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for round in 0..<1000 {
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
