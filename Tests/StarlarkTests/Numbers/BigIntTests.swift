import Testing

@testable import Starlark

/// Every operation on integers against the slow reference, on random operands.
@Suite struct BigIntTests {
    static let seeds: [UInt64] = [1, 2, 3, .random(in: 0..<1 << 32)]

    @Test(arguments: seeds)
    func `arithmetic agrees with the reference`(seed: UInt64) throws {
        let test = TestHeap()
        var random = SeededRandom(seed: seed)
        for _ in 0..<300 {
            let x = random.integer(maximumLimbs: 8)
            let y = random.integer(maximumLimbs: 8)
            try check(.plus, x, y, x + y, test)
            try check(.minus, x, y, x - y, test)
            try check(.times, x, y, x * y, test)
            try check(.bitAnd, x, y, ReferenceInteger.bitwise(x, y, &), test)
            try check(.bitOr, x, y, ReferenceInteger.bitwise(x, y, |), test)
            try check(.bitXor, x, y, ReferenceInteger.bitwise(x, y, ^), test)
            guard !y.digits.isEmpty else { continue }
            let (quotient, rest) = x.floorDivided(by: y)
            try check(.floorDivide, x, y, quotient, test)
            try check(.modulo, x, y, rest, test)
        }
    }

    @Test(arguments: seeds)
    func `shifts are products and floored quotients by powers of two`(seed: UInt64) throws {
        let test = TestHeap()
        var random = SeededRandom(seed: seed)
        for _ in 0..<300 {
            let x = random.integer(maximumLimbs: 5)
            let count = Int(random.next() % 400)
            let power = ReferenceInteger.powerOf2(count)
            try check(.shiftLeft, x, ReferenceInteger(count), x * power, test)
            let quotient = x.floorDivided(by: power).quotient
            try check(.shiftRight, x, ReferenceInteger(count), quotient, test)
        }
    }

    @Test(arguments: seeds)
    func `unary operators, order and hash agree with the reference`(seed: UInt64) throws {
        let test = TestHeap()
        var random = SeededRandom(seed: seed)
        for _ in 0..<300 {
            let x = random.integer(maximumLimbs: 4)
            let y = random.next() % 4 == 0 ? x : random.integer(maximumLimbs: 4)
            let (valueX, valueY) = (try x.value(in: test.arena), try y.value(in: test.arena))
            let negated = try #require(try Arithmetic.unary(.minus, valueX, in: test.arena))
            #expect(ReferenceInteger(negated) == -x, "seed \(seed)")
            let inverted = try #require(try Arithmetic.unary(.tilde, valueX, in: test.arena))
            #expect(ReferenceInteger(inverted) == -x - ReferenceInteger(1), "seed \(seed)")
            let order = valueX.compareNumbers(valueY)
            #expect((order < 0) == (x - y).isNegative, "seed \(seed)")
            #expect((order == 0) == (x == y), "seed \(seed)")
            if x == y { #expect(try valueX.hash() == valueY.hash(), "seed \(seed)") }
        }
    }

    private func check(
        _ op: Operator, _ x: ReferenceInteger, _ y: ReferenceInteger, _ wanted: ReferenceInteger,
        _ test: TestHeap, location: SourceLocation = #_sourceLocation
    ) throws {
        let (valueX, valueY) = (try x.value(in: test.arena), try y.value(in: test.arena))
        let result = try #require(try Arithmetic.binary(op, valueX, valueY, in: test.arena))
        if result.isObject { BigIntObject(result).checkInvariants() }
        #expect(
            ReferenceInteger(result) == wanted,
            "\(x.text(base: 16)) \(op) \(y.text(base: 16))", sourceLocation: location)
    }

    @Test func `results at the border of small integers take the one form`() throws {
        let test = TestHeap()
        let border = 1 << 62
        for int in [border - 1, border, border + 1, -border, -border - 1, -border + 1] {
            let value = test.arena.makeInt(int)
            #expect(value.isSmallInt == Value.fitsSmallInt(int))
            #expect(value.asInt == int)
            let back = try #require(
                try Arithmetic.binary(
                    .plus, try BigInt.add(value, Value(smallInt: 1 << 61), in: test.arena),
                    Value(smallInt: -1 << 61), in: test.arena))
            #expect(back.isSmallInt == Value.fitsSmallInt(int))
            #expect(back.asInt == int)
        }
    }

    @Test func `machine integers are recognised up to their limits`() throws {
        let test = TestHeap()
        #expect(try test.parse("9223372036854775807")?.asInt == Int.max)
        #expect(try test.parse("9223372036854775808")?.asInt == nil)
        #expect(try test.parse("-9223372036854775808")?.asInt == Int.min)
        #expect(try test.parse("-9223372036854775809")?.asInt == nil)
    }

    @Test func `limits are failures`() throws {
        let test = TestHeap()
        let one = Value(smallInt: 1)
        #expect(
            test.message { _ = try BigInt.shiftLeft(one, Value(smallInt: 512), in: test.arena) }
                == "shift count too large: 512")
        #expect(
            test.message { _ = try BigInt.shiftLeft(one, Value(smallInt: -1), in: test.arena) }
                == "negative shift count: -1")
        #expect(
            test.message { _ = try BigInt.shiftRight(one, Value(smallInt: -9), in: test.arena) }
                == "negative shift count: -9")
        let count = Arena.maximumIntegerBits / UInt.bitWidth
        let object = try test.arena.makeLimbs(count)
        object.limbs.update(repeating: UInt.max, count: count)
        let number = test.arena.finish(object, count: count, isNegative: false)
        let message = test.message { _ = try BigInt.multiply(number, number, in: test.arena) }
        #expect(message == "integer too large: more than 16777216 bits")
    }
}
