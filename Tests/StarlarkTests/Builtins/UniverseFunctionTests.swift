import Testing

@testable import Starlark

@Suite struct UniverseFunctionTests {
    static let conversions = ExpressionCase.table(
        #"""
        chr(128575) => "😿"
        chr(-1) => error: chr: Unicode code point -1 out of range (<0)
        chr(1 << 64) => error: chr: 18446744073709551616 out of range
        ord("ab") => error: ord: string encodes 2 Unicode code points, want 1
        ord("é"[1:]) => 65533
        bytes("世"[:2]) == bytes("��") => True
        bytes([1, 255]) => b"\x01\xff"
        bytes([256]) => error: bytes: at index 0, 256 out of range (want value in unsigned 8-bit range)
        str(b"a\xff") == "a\ufffd" => True
        hash("starlark") => 1316560832
        hash("😿") => 1772962
        hash(b"a") => 3826002220
        type("".codepoints()) => "string.codepoints"
        int("f") => error: int: invalid literal with base 10: f
        float("1e999") => error: float: floating-point number too large
        getattr(1, "x", 2) => 2
        fail(1, "a", sep = "/") => error: fail: 1/a
        """#)

    static let sequences = ExpressionCase.table(
        #"""
        range(0, 10, 3) => range(0, 10, 3)
        range(1, 0, 0) => error: range: step argument must not be zero
        range(-1 << 63, 1 << 62) => error: range: len(range(-9223372036854775808, 4611686018427387904, 1)) out of range (want value in signed 64-bit range)
        len(range((1 << 63) - 1, -1 << 63, -1 << 63)) => 2
        list(range(2 - (1 << 63), (1 << 63) - 1, (1 << 63) - 1)) => [-9223372036854775806, 1]
        list(range(1 << 62)) => error: list too long: more than 134217728 items
        list("a") => error: list: for parameter 1: got string, want iterable (use `.elems()` for its bytes or `.codepoints()` for its characters)
        dict([["a", 1]], b = 2) => {"a": 1, "b": 2}
        enumerate(["a"], (1 << 63) - 1) => [(9223372036854775807, "a")]
        enumerate(["a", "b"], (1 << 63) - 1) => error: enumerate: 9223372036854775807 + 1 out of range
        zip([1, 2], "ab".elems(), "éa".codepoints()) => [(1, "a", "é"), (2, "b", "a")]
        zip(range(1 << 62), [1]) => [(0, 1)]
        zip([1], 2) => error: zip: argument #2 is not iterable: int
        reversed(set([1, 2])) => [2, 1]
        max(["b", "a"], key = ord) => "b"
        min([]) => error: min: argument is an empty sequence
        min(1, "a") => error: min: string < int not implemented
        """#)

    static let sorting = ExpressionCase.table(
        #"""
        sorted([3, -1, 2], reverse = True) => [3, 2, -1]
        sorted(["longer than eight", "b", "", "longer than six"]) => ["", "b", "longer than eight", "longer than six"]
        sorted(["a\x00", "a", "b"], reverse = True) => ["b", "a\x00", "a"]
        sorted([2, 1.5, 1 << 70]) => [1.5, 2, 1180591620717411303424]
        sorted([21, 12, 11, 22], key = lambda x: x % 10) => [21, 11, 12, 22]
        sorted([21, 12, 11, 22], key = lambda x: x % 10, reverse = True) => [12, 22, 21, 11]
        sorted([1, "a"]) => error: string < int not implemented
        sorted([1], None) => error: sorted: for parameter key: got NoneType, want callable
        [x for x in [[1]] for y in sorted(x, key = x.append)] => error: append: cannot append to list during iteration (iterate over a copy: `for x in list(...)`)
        """#)

    @Test(arguments: conversions + sequences + sorting)
    func evaluates(_ testCase: ExpressionCase) { testCase.check() }
}
