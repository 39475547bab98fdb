import Testing

@testable import Starlark

@Suite struct OperationsTests {
    static let operators = ExpressionCase.table(
        #"""
        "a" + 1 => error: unknown binary op: string + int (use `str` to convert the int to a string)
        [1] + (2,) => error: unknown binary op: list + tuple (convert one of them with `list` or `tuple`)
        b"a" * 2 => b"aa"
        -1 * [1] => []
        "ab" * (1 << 40) => error: repeat count 1099511627776 too large
        [1, 2] * (1 << 30) => error: excessive repeat (2 * 1073741824 elements)
        {"a": 1} | {"b": 2} => {"a": 1, "b": 2}
        set([1, 2]) & set([2]) => set([2])
        set([1, 2]) ^ set([2, 3]) => set([1, 3])
        set([1, 2]) - set([2, 3]) => set([1])
        1 in "1" => error: 'in <string>' requires string as left operand, not int
        [] in {"a": 1} => False
        8 not in range(1, 10, 3) => True
        4.0 in range(10, 0, -3) => True
        (1 << 63) - 1 in range(-1 << 63, (1 << 63) - 1, (1 << 63) - 1) => False
        256 in b"\x01" => error: int in bytes: 256 out of range
        1 in 2 => error: unknown binary op: int in int
        [{}] <= [{}, 1] => True
        set([1]) < set([1, 2]) => error: set < set not implemented
        float("nan") == float("nan") => True
        None < None => error: NoneType < NoneType not implemented
        [].clear == [].clear => False
        """#)

    static let elements = ExpressionCase.table(
        #"""
        "hello"[::-2] => "olh"
        "hello"[-1 << 63:1 << 63:1 << 80] => "h"
        "hello"[1 << 80:-1 << 80:-1 << 63] => "o"
        [1, 2, 3][2:1] => []
        (1, 2, 3)[:0:-1] => (3, 2)
        [][::-1] => []
        range(0, 10, 2)[1:] => range(2, 10, 2)
        list(range(-1 << 62, 1 << 62, 1 << 62)[::1 << 62]) => [-4611686018427387904]
        b"\x01\x02"[1:] => b"\x02"
        "x"[::0] => error: zero is not a valid slice step
        "x"["a":] => error: invalid start index: got string, want int
        {"a": 1}[:] => error: invalid slice operand dict
        "abc"[-1] => "c"
        [1][1] => error: list index 1 out of range [-1:0]
        [1][1 << 70] => error: list index 1180591620717411303424 out of range [-1:0]
        ()[0] => error: index 0 out of range: empty tuple
        [1]["a"] => error: list index: got string, want int
        {"a": 1}["b"] => error: key "b" not in dict
        "abc".elem_ords()[0] => 97
        "abc".codepoints()[0] => error: unhandled index operation string.codepoints[int]
        1[0] => error: unhandled index operation int[int]
        [].x => error: list has no .x field or method
        """#)

    @Test(arguments: operators + elements)
    func evaluates(_ testCase: ExpressionCase) { testCase.check() }

    static let augmented: [(String, String)] = [
        ("x = [1]; y = x; x += range(2)", "([1, 0, 1], [1, 0, 1])"),
        ("x = [1]; y = x; x += x", "([1, 1], [1, 1])"),
        ("x = (1,); y = x; x += (2,)", "((1, 2), (1,))"),
        ("x = {1: 2}; y = x; x |= {3: 4}", "({1: 2, 3: 4}, {1: 2, 3: 4})"),
        ("x = set([1, 2]); y = x; x &= set([2])", "(set([2]), set([2]))"),
        ("x = set([1, 2]); y = x; x -= x", "(set(), set())"),
        ("x = set([1, 2]); y = x; x ^= set([2, 3])", "(set([1, 3]), set([1, 3]))"),
    ]

    @Test(arguments: augmented) func augments(_ statements: String, _ outcome: String) throws {
        let module = try ExpressionCase.run(
            "def f():\n  \(statements)\n  return repr((x, y))\nresult = f()")
        #expect(module.word("result").map { StringObject($0).text } == outcome)
    }

    @Test(arguments: ["x == x", "x < x", "x in [x]", "y == y", "[x] == [x]"])
    func comparesCyclesUpToALimit(_ expression: String) {
        let statements = "x = [1]\nx.append(x)\ny = {}\ny[1] = [y]\n"
        #expect(throws: EvaluationError.self) {
            try ExpressionCase.run(statements + "result = \(expression)")
        }
    }
}
