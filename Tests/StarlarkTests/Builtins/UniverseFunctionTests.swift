import Testing

@testable import Starlark

struct FunctionCase: CustomTestStringConvertible, Sendable {
    let name: String
    let arguments: [Literal]
    let named: [(String, Literal)]
    let outcome: String

    init(
        _ name: String, _ arguments: [Literal], named: [(String, Literal)] = [], _ outcome: String
    ) {
        self.name = name
        self.arguments = arguments
        self.named = named
        self.outcome = outcome
    }

    var testDescription: String { "\(name)\(arguments)" }
}

@Suite struct UniverseFunctionTests {
    static let conversions: [FunctionCase] = [
        FunctionCase("chr", [0x1f63f], #""😿""#),
        FunctionCase("chr", [-1], "error: chr: Unicode code point -1 out of range (<0)"),
        FunctionCase("ord", ["é"], "233"),
        FunctionCase("ord", ["ab"], "error: ord: string encodes 2 Unicode code points, want 1"),
        FunctionCase("ord", [.string([0x80])], "65533"),
        FunctionCase("bytes", [.string([97, 0xe4, 0xb8])], #"b"a\#u{fffd}\#u{fffd}""#),
        FunctionCase("bytes", [[1, 255]], #"b"\x01\xff""#),
        FunctionCase("bytes", [[256]],
            "error: bytes: at index 0, 256 out of range (want value in unsigned 8-bit range)"),
        FunctionCase("str", [.bytes([97, 0xff])], "\"a\u{fffd}\""),
        FunctionCase("str", [["a", 1]], ##""[\"a\", 1]""##),
        FunctionCase("hash", [""], "0"),
        FunctionCase("hash", ["starlark"], "1316560832"),
        FunctionCase("hash", ["😿"], "1772962"),
        FunctionCase("hash", [.bytes([97])], "3826002220"),
        FunctionCase("hash", [1], "error: hash: got int, want string or bytes"),
        FunctionCase("bool", [[]], "False"),
        FunctionCase("len", [.range(0, 7, 2)], "4"),
        FunctionCase("len", [1], "error: len: value of type int has no len"),
        FunctionCase("type", [.method("", "codepoints")], #""string.codepoints""#),
        FunctionCase("abs", [-3], "3"),
        FunctionCase("int", ["ff", 16], "255"),
        FunctionCase("int", ["f"], "error: int: invalid literal with base 10: f"),
        FunctionCase("int", [1, 10], "error: int: can't convert non-string with explicit base"),
        FunctionCase("getattr", [1, "x", 2], "2"),
        FunctionCase("hasattr", ["", "upper"], "True"),
        FunctionCase("fail", [1, "a"], named: [("sep", "/")], "error: fail: 1/a"),
    ]

    static let sequences: [FunctionCase] = [
        FunctionCase("range", [3], "range(3)"),
        FunctionCase("range", [0, 10, 3], "range(0, 10, 3)"),
        FunctionCase("range", [1, 0, 0], "error: range: step argument must not be zero"),
        FunctionCase("range", [.int(.min), .int(.max), 1],
            "error: range: len(range(\(Int.min), \(Int.max), 1)) out of range "
                + "(want value in signed 64-bit range)"),
        FunctionCase("range", [.int(.max), .int(.min), .int(.min)], "range(\(Int.max), \(Int.min), \(Int.min))"),
        FunctionCase("list", [.range(.min + 2, .max, .max)], "[\(Int.min + 2), 1]"),
        FunctionCase("list", [.range(0, .max, 1)],
            "error: list too long: more than 134217728 items"),
        FunctionCase("list", ["a"],
            "error: list: for parameter 1: got string, want iterable "
                + "(use `.elems()` for its bytes or `.codepoints()` for its characters)"),
        FunctionCase("tuple", [[1]], "(1,)"),
        FunctionCase("set", [[1, 1]], "set([1])"),
        FunctionCase("dict", [[["a", 1]]], named: [("b", 2)], #"{"a": 1, "b": 2}"#),
        FunctionCase("enumerate", [["a"], 5], #"[(5, "a")]"#),
        FunctionCase("enumerate", [["a"], .int(.max)], "error: enumerate: \(Int.max) + 1 out of range"),
        FunctionCase("zip", [[1, 2], .method("ab", "elems"), .method("éa", "codepoints")],
            #"[(1, "a", "é"), (2, "b", "a")]"#),
        FunctionCase("zip", [.range(0, .max, 1), [1]], "[(0, 1)]"),
        FunctionCase("zip", [[1], 2], "error: zip: argument #2 is not iterable: int"),
        FunctionCase("reversed", [.set([1, 2])], "[2, 1]"),
        FunctionCase("all", [[1, ""]], "False"),
        FunctionCase("any", [["": 1]], "False"),
        FunctionCase("min", [3, 1, 2], "1"),
        FunctionCase("max", [["b", "a"]], #""b""#),
        FunctionCase("min", [[]], "error: min: argument is an empty sequence"),
        FunctionCase("min", [1, "a"], "error: min: string < int not implemented"),
    ]

    static let sorting: [FunctionCase] = [
        FunctionCase("sorted", [[3, 1, 2]], "[1, 2, 3]"),
        FunctionCase("sorted", [[3, -1, 2]], named: [("reverse", true)], "[3, 2, -1]"),
        FunctionCase("sorted", [["longer than eight", "b", "", "longer than six"]],
            #"["", "b", "longer than eight", "longer than six"]"#),
        FunctionCase("sorted", [[.string([97, 0]), "a", "b"]], named: [("reverse", true)],
            #"["b", "a\x00", "a"]"#),
        FunctionCase("sorted", [[[2, 1], [1, 2], [1]]], "[[1], [1, 2], [2, 1]]"),
        FunctionCase("sorted", [[1, "a"]], "error: string < int not implemented"),
        FunctionCase("sorted", [1],
            "error: sorted: for parameter iterable: got int, want iterable"),
        FunctionCase("sorted", [[1], nil],
            "error: sorted: for parameter key: got NoneType, want callable"),
    ]

    @Test(arguments: conversions + sequences + sorting) func calls(_ testCase: FunctionCase) {
        let outcome = BuiltinFixture().outcome { fixture throws(Failure) in
            try fixture.call(testCase.name, testCase.arguments, named: testCase.named)
        }
        #expect(outcome == testCase.outcome)
    }

    /// Equal keys keep their order, forwards and reversed.
    @Test func sortsStably() throws {
        var pairs = (0..<1000).map { (key: $0 * 7919 % 10, number: $0) }
        let scratch = UnsafeMutableBufferPointer<(key: Int, number: Int)>.allocate(capacity: 1000)
        defer { scratch.deallocate() }
        try pairs.withUnsafeMutableBufferPointer { pairs in
            try StableSort.sort(pairs, scratch: scratch) { later, earlier throws(Failure) in
                later.key < earlier.key
            }
        }
        let expected = pairs.sorted { ($0.key, $0.number) < ($1.key, $1.number) }
        #expect(pairs.map(\.number) == expected.map(\.number))
    }
}
