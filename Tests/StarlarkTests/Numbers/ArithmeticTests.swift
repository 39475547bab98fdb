import Testing

@testable import Starlark

/// Operators on ints and floats, as the machine's slow paths see them.
@Suite struct ArithmeticTests {
    /// Operands and results as literals of the language; a result may be a failure's message, or
    /// "none" where the operator has no meaning.
    struct Case: CustomTestStringConvertible {
        let x: String
        let op: Operator
        let y: String
        let result: String
        init(_ x: String, _ op: Operator, _ y: String, _ result: String) {
            (self.x, self.op, self.y, self.result) = (x, op, y, result)
        }
        var testDescription: String { "\(x) \(op) \(y)" }
    }

    static let integers: [Case] = [
        Case("4611686018427387903", .plus, "1", "4611686018427387904"),
        Case("-4611686018427387904", .minus, "1", "-4611686018427387905"),
        Case("4611686018427387904", .minus, "1", "4611686018427387903"),
        Case("4294967296", .times, "4294967296", "18446744073709551616"),
        Case("-4611686018427387904", .floorDivide, "-1", "4611686018427387904"),
        Case("100", .floorDivide, "7", "14"), Case("100", .floorDivide, "-7", "-15"),
        Case("-100", .floorDivide, "7", "-15"), Case("-100", .floorDivide, "-7", "14"),
        Case("100", .modulo, "7", "2"), Case("100", .modulo, "-7", "-5"),
        Case("-100", .modulo, "7", "5"), Case("-100", .modulo, "-7", "-2"),
        Case("98", .modulo, "-7", "0"),
        Case("1", .modulo, "-18446744073709551616", "-18446744073709551615"),
        Case("-18446744073709551617", .floorDivide, "18446744073709551616", "-2"),
        Case("-18446744073709551616", .floorDivide, "8", "-2305843009213693952"),
        Case("-18446744073709551617", .floorDivide, "8", "-2305843009213693953"),
        Case("-18446744073709551617", .modulo, "8", "7"),
        Case("5", .floorDivide, "0", "floored division by zero"),
        Case("5", .modulo, "0", "integer modulo by zero"),
        Case("18446744073709551616", .floorDivide, "0", "floored division by zero"),
        Case("18446744073709551616", .modulo, "0", "integer modulo by zero"),
        Case("5", .divide, "0", "floating-point division by zero"),
        Case("1", .divide, "4", "0.25"),
        Case("18446744073709551616", .divide, "2", "9.223372036854776e+18"),
        Case("-1", .shiftRight, "100", "-1"), Case("-5", .shiftRight, "1", "-3"),
        Case("1", .shiftRight, "18446744073709551616", "0"),
        Case("-1", .shiftRight, "18446744073709551616", "-1"),
        Case("1", .shiftRight, "-1", "negative shift count: -1"),
        Case(
            "1", .shiftLeft, "-18446744073709551616",
            "negative shift count: -18446744073709551616"),
        Case("1", .shiftLeft, "62", "4611686018427387904"),
        Case("-1", .shiftLeft, "62", "-4611686018427387904"),
        Case("0", .shiftLeft, "511", "0"),
        Case("1", .shiftLeft, "512", "shift count too large: 512"),
        Case("-1", .bitAnd, "18446744073709551615", "18446744073709551615"),
        Case("-18446744073709551616", .bitOr, "1", "-18446744073709551615"),
        Case("6", .bitXor, "3", "5"), Case("1", .less, "2", "none"),
    ]

    static let floats: [Case] = [
        Case("1.5", .plus, "2.25", "3.75"), Case("1.5", .minus, "2", "-0.5"),
        Case("3", .times, "0.5", "1.5"), Case("1.0", .divide, "8", "0.125"),
        Case("100.0", .floorDivide, "-8.0", "-13.0"), Case("7.5", .floorDivide, "2", "3.0"),
        Case("100.0", .modulo, "-7", "-5.0"), Case("-100", .modulo, "7.0", "5.0"),
        Case("1", .floorDivide, "-inf", "-0.0"), Case("inf", .modulo, "1", "nan"),
        Case("1.0", .divide, "0", "floating-point division by zero"),
        Case("1", .divide, "-0.0", "floating-point division by zero"),
        Case("1.0", .floorDivide, "0.0", "floored division by zero"),
        Case("1", .floorDivide, "0.0", "floored division by zero"),
        Case("1.0", .modulo, "0", "floating-point modulo by zero"),
        Case("nan", .plus, "1", "nan"), Case("inf", .minus, "inf", "nan"),
        Case("1e300", .times, "1e300", "+inf"),
        Case("1.0", .bitAnd, "1", "none"), Case("1", .shiftLeft, "1.0", "none"),
        Case("1.0", .shiftRight, "18446744073709551616", "none"),
        Case("0.5", .plus, "18446744073709551616", "1.8446744073709552e+19"),
        Case("18446744073709551616", .times, "0.5", "9.223372036854776e+18"),
        Case("HUGE", .plus, "0.0", "int too large to convert to float"),
        Case("0.0", .minus, "HUGE", "int too large to convert to float"),
        Case("HUGE", .divide, "2", "int too large to convert to float"),
        Case("2", .divide, "HUGE", "int too large to convert to float"),
    ]

    @Test(arguments: integers + floats)
    func `operators give`(_ row: Case) throws {
        let test = TestHeap()
        let (x, y) = (try value(row.x, test), try value(row.y, test))
        var text = "none"
        let message = test.message {
            guard let result = try Arithmetic.binary(row.op, x, y, in: test.arena) else { return }
            text =
                result.isFloat
                ? try test.text(FloatObject(result).number) : try test.text(result)
        }
        #expect((message ?? text) == row.result)
    }

    private func value(_ literal: String, _ test: TestHeap) throws -> Value {
        if literal == "HUGE" {
            return try #require(try test.parse("1" + String(repeating: "0", count: 310)))
        }
        if let int = try test.parse(literal) { return int }
        return test.arena.makeFloat(try #require(Double(literal)))
    }

    @Test func `bools and strings are no numbers`() throws {
        let test = TestHeap()
        let one = Value(smallInt: 1)
        for other in [Value.true, .none, try test.string("1")] {
            #expect(try Arithmetic.binary(.plus, one, other, in: test.arena) == nil)
            #expect(
                try Arithmetic.binary(.times, other, test.arena.makeFloat(1), in: test.arena) == nil
            )
            #expect(try Arithmetic.unary(.minus, other, in: test.arena) == nil)
        }
        #expect(try Arithmetic.unary(.tilde, test.arena.makeFloat(1), in: test.arena) == nil)
    }

    /// In their order; numbers in one group are equal.
    static let ordered: [[String]] = [
        ["-inf"], ["-1" + String(repeating: "0", count: 320)], ["-1e300"],
        ["-18446744073709551617"], ["-18446744073709551616", "-18446744073709551616.0"], ["-1.5"],
        ["-1", "-1.0"], ["-1e-300"], ["0", "0.0", "-0.0"], ["5e-324"], ["1", "1.0"],
        ["9007199254740992", "9007199254740992.0"], ["9007199254740993"], ["9007199254740994.0"],
        ["4611686018427387903"], ["4611686018427387904", "4611686018427387904.0"],
        ["4611686018427387905"], ["18446744073709551615"],
        ["18446744073709551616", "18446744073709551616.0"], ["18446744073709551617"],
        ["1229999999999999973814869011019624571608236031"],
        ["1229999999999999973814869011019624571608236032", "1.23e45"],
        ["1229999999999999973814869011019624571608236033"],
        ["1.7976931348623157e308"], ["1" + String(repeating: "0", count: 320)], ["inf"], ["nan"],
    ]

    @Test func `ints and floats are ordered exactly, and equal ones hash alike`() throws {
        let test = TestHeap()
        for (i, group) in ArithmeticTests.ordered.enumerated() {
            for (j, other) in ArithmeticTests.ordered.enumerated() {
                for x in group {
                    for y in other {
                        let (valueX, valueY) = (try value(x, test), try value(y, test))
                        let order = valueX.compareNumbers(valueY)
                        #expect(order.signum() == (i - j).signum(), "\(x) and \(y)")
                        guard i == j else { continue }
                        #expect(try valueX.hash() == (try valueY.hash()), "\(x) and \(y)")
                    }
                }
            }
        }
    }

    @Test(arguments: BigIntTests.seeds)
    func `integers become the nearest floats and whole floats integers`(seed: UInt64) throws {
        let test = TestHeap()
        var random = SeededRandom(seed: seed)
        for _ in 0..<500 {
            let number = random.integer(maximumLimbs: 5)
            let value = try number.value(in: test.arena)
            let nearest = BigInt.nearestDouble(value)
            #expect(nearest == Double(number.text(base: 10)), "seed \(seed)")
            let back = try BigInt.truncate(nearest, in: test.arena)
            #expect(BigInt.nearestDouble(back) == nearest, "seed \(seed)")
            #expect(back.compareNumbers(test.arena.makeFloat(nearest)) == 0, "seed \(seed)")
        }
    }

    @Test func `floats are cut towards zero`() throws {
        let test = TestHeap()
        let rows: [(Double, String)] = [
            (0.9, "0"), (-0.9, "0"), (99.9, "99"), (-99.9, "-99"), (-0.0, "0"),
            (9_223_372_036_854_775_808, "9223372036854775808"),
            (-9_223_372_036_854_775_808, "-9223372036854775808"),
            (1.23e32, "123000000000000004979083645550592"),
            (.infinity, "cannot convert float infinity to integer"),
            (-.infinity, "cannot convert float infinity to integer"),
            (.nan, "cannot convert float NaN to integer"),
        ]
        for (number, wanted) in rows {
            var text = ""
            let message = test.message {
                text = try test.text(try BigInt.truncate(number, in: test.arena))
            }
            #expect((message ?? text) == wanted)
        }
    }
}
