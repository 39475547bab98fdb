import Testing

@testable import Starlark

struct OperatorCase: CustomTestStringConvertible, Sendable {
    let x: Literal
    let op: Operator
    let y: Literal
    let outcome: String

    init(_ x: Literal, _ op: Operator, _ y: Literal, _ outcome: String) {
        (self.x, self.op, self.y, self.outcome) = (x, op, y, outcome)
    }

    var testDescription: String { "\(x) \(op) \(y)" }
}

struct SliceCase: CustomTestStringConvertible, Sendable {
    let x: Literal
    let bounds: [Literal]
    let outcome: String

    init(_ x: Literal, _ bounds: [Literal], _ outcome: String) {
        (self.x, self.bounds, self.outcome) = (x, bounds, outcome)
    }

    var testDescription: String { "\(x)\(bounds)" }
}

@Suite struct OperationsTests {
    static let operators: [OperatorCase] = [
        OperatorCase("a", .plus, "b", #""ab""#),
        OperatorCase("a", .plus, 1,
            "error: unknown binary op: string + int (use `str` to convert the int to a string)"),
        OperatorCase([1], .plus, .tuple([2]),
            "error: unknown binary op: list + tuple (convert one of them with `list` or `tuple`)"),
        OperatorCase(.tuple([1]), .plus, .tuple([2]), "(1, 2)"),
        OperatorCase("ab", .times, 3, #""ababab""#),
        OperatorCase(-1, .times, [1], "[]"),
        OperatorCase(.bytes([97]), .times, 2, #"b"aa""#),
        OperatorCase("ab", .times, .int(1 << 40), "error: repeat count 1099511627776 too large"),
        OperatorCase([1, 2], .times, 1_073_741_824,
            "error: excessive repeat (2 * 1073741824 elements)"),
        OperatorCase(["a": 1], .bitOr, ["b": 2], #"{"a": 1, "b": 2}"#),
        OperatorCase(.set([1, 2]), .bitAnd, .set([2]), "set([2])"),
        OperatorCase(.set([1, 2]), .bitXor, .set([2, 3]), "set([1, 3])"),
        OperatorCase(.set([1, 2]), .minus, .set([2, 3]), "set([1])"),
        OperatorCase(.set([1]), .bitOr, [1], "error: unknown binary op: set | list"),
        OperatorCase("ell", .in, "hello", "True"),
        OperatorCase(1, .in, "1", "error: 'in <string>' requires string as left operand, not int"),
        OperatorCase([], .in, ["a": 1], "False"),
        OperatorCase(7, .in, .range(1, 10, 3), "True"),
        OperatorCase(8, .notIn, .range(1, 10, 3), "True"),
        OperatorCase(4.0, .in, .range(10, 0, -3), "True"),
        OperatorCase(.int(.max), .in, .range(.min, .max, .max), "False"),
        OperatorCase(256, .in, .bytes([1]), "error: int in bytes: 256 out of range"),
        OperatorCase(1, .in, 2, "error: unknown binary op: int in int"),
        OperatorCase([1, 2], .less, [1, 3], "True"),
        OperatorCase(.tuple([1]), .greaterOrEqual, .tuple([1, 0]), "False"),
        OperatorCase([[:]], .lessOrEqual, [[:], 1], "True"),
        OperatorCase(.set([1]), .less, .set([1, 2]), "True"),
        OperatorCase(nil, .less, nil, "error: NoneType < NoneType not implemented"),
        OperatorCase("%s|%r|%%", .modulo, .tuple(["a", "a"]), #""a|\"a\"|%""#),
        OperatorCase("%(k)s", .modulo, ["k": 1], #""1""#),
        OperatorCase("%x %X %o %c", .modulo, .tuple([255, 255, 8, 233]), #""ff FF 10 é""#),
        OperatorCase("%s", .modulo, .tuple([]), "error: not enough arguments for format string"),
        OperatorCase("", .modulo, 1, "error: too many arguments for format string"),
        OperatorCase("%", .modulo, 1, "error: incomplete format"),
        OperatorCase("%d", .modulo, "x",
            "error: %d format requires integer: cannot convert string to int"),
        OperatorCase("%c", .modulo, "ab",
            "error: %c format requires a single-character string"),
        OperatorCase("%y", .modulo, 1, "error: unknown conversion %y"),
    ]

    @Test(arguments: operators) func applies(_ testCase: OperatorCase) {
        let outcome = BuiltinFixture().outcome { fixture throws(Failure) in
            try Operations.binary(
                testCase.op, fixture.value(testCase.x), fixture.value(testCase.y), fixture.machine)
        }
        #expect(outcome == testCase.outcome)
    }

    static let slices: [SliceCase] = [
        SliceCase("hello", [1, 3, nil], #""el""#),
        SliceCase("hello", [nil, nil, -2], #""olh""#),
        SliceCase("hello", [.int(.min), .int(.max), .int(.max)], #""h""#),
        SliceCase("hello", [.int(.max), .int(.min), .int(.min)], #""o""#),
        SliceCase([1, 2, 3], [-2, nil, nil], "[2, 3]"),
        SliceCase([1, 2, 3], [2, 1, nil], "[]"),
        SliceCase(.tuple([1, 2, 3]), [nil, 0, -1], "(3, 2)"),
        SliceCase([], [nil, nil, -1], "[]"),
        SliceCase(.range(0, 10, 2), [1, nil, nil], "range(2, 10, 2)"),
        SliceCase(.bytes([1, 2]), [1, nil, nil], #"b"\x02""#),
        SliceCase("x", [nil, nil, 0], "error: zero is not a valid slice step"),
        SliceCase("x", ["a", nil, nil], "error: invalid start index: got string, want int"),
        SliceCase(["a": 1], [nil, nil, nil], "error: invalid slice operand dict"),
    ]

    @Test(arguments: slices) func takes(_ testCase: SliceCase) {
        let outcome = BuiltinFixture().outcome { fixture throws(Failure) in
            var bounds: [Value] = []
            for bound in testCase.bounds { bounds.append(try fixture.value(bound)) }
            return try Operations.slice(
                fixture.value(testCase.x), bounds[0], bounds[1], bounds[2], fixture.machine)
        }
        #expect(outcome == testCase.outcome)
    }

    static let indices: [OperatorCase] = [
        OperatorCase("abc", .in, -1, #""c""#),
        OperatorCase([1], .in, 1, "error: list index 1 out of range [-1:0]"),
        OperatorCase(.tuple([]), .in, 0, "error: index 0 out of range: empty tuple"),
        OperatorCase([1], .in, "a", "error: list index: got string, want int"),
        OperatorCase(["a": 1], .in, "b", #"error: key "b" not in dict"#),
        OperatorCase(.method("abc", "elem_ords"), .in, 0, "97"),
        OperatorCase(.method("abc", "codepoints"), .in, 0,
            "error: unhandled index operation string.codepoints[int]"),
        OperatorCase(1, .in, 0, "error: unhandled index operation int[int]"),
    ]

    @Test(arguments: indices) func indexes(_ testCase: OperatorCase) {
        let outcome = BuiltinFixture().outcome { fixture throws(Failure) in
            try Operations.index(
                fixture.value(testCase.x), fixture.value(testCase.y), fixture.machine)
        }
        #expect(outcome == testCase.outcome)
    }

    @Test func comparesCyclesUpToALimit() {
        let outcome = BuiltinFixture().outcome { fixture throws(Failure) in
            let list = ListObject(try fixture.value([1]))
            list.items[0] = list.value
            return Value(try Operations.compare(.equal, list.value, list.value))
        }
        #expect(outcome == "error: comparison exceeded maximum recursion depth")
    }

    @Test func augmentsInPlace() {
        let cases: [(Operator, Literal, Literal, String)] = [
            (.plus, [1], .range(0, 2, 1), "([1, 0, 1], [1, 0, 1])"),
            (.plus, .tuple([1]), .tuple([2]), "((1, 2), (1,))"),
            (.bitOr, ["a": 1], ["b": 2], #"({"a": 1, "b": 2}, {"a": 1, "b": 2})"#),
            (.bitAnd, .set([1, 2]), .set([2]), "(set([2]), set([2]))"),
            (.minus, .set([1, 2]), .set([2]), "(set([1]), set([1]))"),
            (.plus, [1], 1, "error: unknown binary op: list + int"),
        ]
        for (op, x, y, expected) in cases {
            let outcome = BuiltinFixture().outcome { fixture throws(Failure) in
                let value = try fixture.value(x)
                let result = try Operations.augmented(
                    op, value, fixture.value(y), fixture.machine)
                return try fixture.arena.makeTuple(result, value)
            }
            #expect(outcome == expected)
        }
    }
}
