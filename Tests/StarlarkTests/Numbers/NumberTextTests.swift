import Testing

@testable import Starlark

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Integers as text and back.
@Suite struct IntegerTextTests {
    @Test(arguments: BigIntTests.seeds)
    func `text in every base agrees with the reference and reads back`(seed: UInt64) throws {
        let test = TestHeap()
        var random = SeededRandom(seed: seed)
        for base in 2...36 {
            for _ in 0..<6 {
                let number = random.integer(maximumLimbs: 6)
                let value = try number.value(in: test.arena)
                let text = try test.text(value, base: base)
                #expect(text == number.text(base: UInt32(base)), "seed \(seed)")
                let back = try #require(try test.parse(text, base: base))
                #expect(ReferenceInteger(back) == number, "seed \(seed), base \(base)")
                let upper = try #require(try test.parse(text.uppercased(), base: base))
                #expect(back.compareNumbers(upper) == 0)
            }
        }
    }

    /// Long enough for the methods that divide and conquer.
    @Test(arguments: BigIntTests.seeds.prefix(2), [10, 7, 36, 3])
    func `long texts agree with the reference and read back`(seed: UInt64, base: Int) throws {
        let test = TestHeap()
        var random = SeededRandom(seed: seed)
        for count in [60, 61, 100, 150] {
            var digits = random.limbs(count).flatMap { limb in
                (0..<4).map { UInt32(limb >> (UInt($0) * 16) & 0xffff) }
            }
            // Long runs of zeros in the text.
            if count == 61 {
                digits = ReferenceInteger.powerOf2(0).digits
                var power = ReferenceInteger(1)
                for _ in 0..<500 { power = power * ReferenceInteger(base * base) }
                digits = (power + ReferenceInteger(1)).digits
            }
            let number = ReferenceInteger(digits: digits, isNegative: count % 2 == 0)
            let text = try test.text(try number.value(in: test.arena), base: base)
            #expect(text == number.text(base: UInt32(base)), "seed \(seed)")
            let back = try #require(try test.parse(text, base: base))
            #expect(ReferenceInteger(back) == number, "seed \(seed)")
        }
    }

    @Test func `machine integers have the text that Swift gives them`() throws {
        let test = TestHeap()
        var random = SeededRandom(seed: 5)
        var numbers = [0, 9, 10, 99, 100, -1, -10, Int.max, Int.min, 1 << 62, -1 << 62]
        for _ in 0..<500 {
            numbers.append(Int(bitPattern: UInt(random.next() >> (random.next() % 64))))
        }
        for number in numbers {
            var builder = ByteBuilder(test.arena)
            try builder.append(decimal: number)
            #expect(String(decoding: builder.bytes, as: UTF8.self) == String(number))
            #expect(try test.text(test.arena.makeInt(number)) == String(number))
        }
    }

    struct Case: CustomTestStringConvertible {
        let text: String
        let base: Int
        /// Nil where the text is refused.
        let decimal: String?
        init(_ text: String, _ base: Int, _ decimal: String?) {
            (self.text, self.base, self.decimal) = (text, base, decimal)
        }
        var testDescription: String { "int(\"\(text)\", \(base))" }
    }

    static let cases: [Case] = [
        Case("0", 10, "0"), Case("-0", 10, "0"), Case("+7", 10, "7"), Case("007", 10, "7"),
        Case("", 10, nil), Case("-", 10, nil), Case("+-1", 10, nil), Case("--1", 10, nil),
        Case(" 1", 10, nil), Case("1 ", 10, nil), Case("1_000", 10, nil), Case("1.0", 10, nil),
        Case("1e3", 10, nil), Case("a", 10, nil), Case("9", 9, nil), Case("z", 36, "35"),
        Case("0x1f", 10, nil), Case("0x1f", 16, "31"), Case("-0X1F", 16, "-31"),
        Case("0x1f", 0, "31"), Case("0o17", 0, "15"), Case("0b11", 0, "3"), Case("0o17", 8, "15"),
        Case("0b11", 2, "3"), Case("0b11", 16, "2833"), Case("0x11", 8, nil),
        Case("017", 0, nil), Case("000", 0, "0"), Case("17", 0, "17"), Case("0x", 16, nil),
        Case("0x", 0, nil), Case("0b", 16, "11"), Case("0x-1", 16, nil), Case("0x+1", 0, nil),
        Case("\u{661}", 10, nil), Case("1\0", 10, nil),
        Case("4611686018427387904", 10, "4611686018427387904"),
        Case("-4611686018427387904", 10, "-4611686018427387904"),
        Case("18446744073709551616", 10, "18446744073709551616"),
        Case("0000000000000000000000000000000000000001", 10, "1"),
        Case("1000000000000000000000000000000g", 16, nil),
    ]

    @Test(arguments: cases)
    func `int reads the texts it should`(_ row: Case) throws {
        let test = TestHeap()
        let value = try test.parse(row.text, base: row.base)
        let text: String? = try value.map { try test.text($0) }
        #expect(text == row.decimal)
    }

    @Test func `a text of too many digits is refused`() throws {
        let test = TestHeap()
        let message = test.message { _ = try test.parse(String(repeating: "9", count: 6_000_000)) }
        #expect(message == "integer too large: more than 16777216 bits")
    }
}

/// Floats as text and back.
@Suite struct FloatTextTests {
    struct Case: CustomTestStringConvertible {
        let number: Double
        let compact: String
        let exponent: String
        let fixed: String
        init(_ number: Double, _ compact: String, _ exponent: String, _ fixed: String) {
            (self.number, self.compact) = (number, compact)
            (self.exponent, self.fixed) = (exponent, fixed)
        }
        var testDescription: String { "\(number)" }
    }

    static let cases: [Case] = [
        Case(0, "0.0", "0.000000e+00", "0.000000"),
        Case(-0.0, "-0.0", "-0.000000e+00", "-0.000000"),
        Case(1, "1.0", "1.000000e+00", "1.000000"),
        Case(-1.5, "-1.5", "-1.500000e+00", "-1.500000"),
        Case(0.1, "0.1", "1.000000e-01", "0.100000"),
        Case(0.0001, "0.0001", "1.000000e-04", "0.000100"),
        Case(0.00001, "1e-05", "1.000000e-05", "0.000010"),
        Case(0.000012345, "1.2345e-05", "1.234500e-05", "0.000012"),
        Case(123, "123.0", "1.230000e+02", "123.000000"),
        Case(999_999.5, "999999.5", "9.999995e+05", "999999.500000"),
        Case(1_000_000, "1e+06", "1.000000e+06", "1000000.000000"),
        Case(1_234_567, "1.234567e+06", "1.234567e+06", "1234567.000000"),
        Case(123_456_789.5, "1.234567895e+08", "1.234568e+08", "123456789.500000"),
        Case(
            1e100, "1e+100", "1.000000e+100",
            "1" + "0000000000000000159028911097599180"
                + "468360808563945281389781327557747838772170381060813469985856815104.000000"),
        Case(.leastNonzeroMagnitude, "5e-324", "4.940656e-324", "0.000000"),
        Case(1.7976931348623157e308, "1.7976931348623157e+308", "1.797693e+308", ""),
        Case(9.9999995, "9.9999995", "9.999999e+00", "9.999999"),
        Case(9.99999951, "9.99999951", "1.000000e+01", "10.000000"),
        Case(0.5e-6, "5e-07", "5.000000e-07", "0.000000"),
        Case(1.5e-6, "1.5e-06", "1.500000e-06", "0.000002"),
        Case(2.5e-6, "2.5e-06", "2.500000e-06", "0.000003"),
        Case(.infinity, "+inf", "+inf", "+inf"), Case(-.infinity, "-inf", "-inf", "-inf"),
        Case(.nan, "nan", "nan", "nan"),
    ]

    @Test(arguments: cases)
    func `floats have their three forms`(_ row: Case) throws {
        let test = TestHeap()
        #expect(try test.text(row.number) == row.compact)
        #expect(try test.text(row.number, .exponent) == row.exponent)
        if !row.fixed.isEmpty { #expect(try test.text(row.number, .fixed) == row.fixed) }
    }

    @Test func `uppercase changes the exponent's letter only`() throws {
        let test = TestHeap()
        var builder = ByteBuilder(test.arena)
        try builder.append(float: 1.5e30, style: .compact, uppercase: true)
        try builder.append(float: -.infinity, style: .exponent, uppercase: true)
        #expect(String(decoding: builder.bytes, as: UTF8.self) == "1.5E+30-inf")
    }

    /// Numbers of every magnitude, near halves of the last digit too.
    private static func numbers(seed: UInt64, count: Int) -> [Double] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { index in
            switch index % 4 {
            case 0: Double(bitPattern: random.next())
            case 1: Double(Int(random.next() % 100_000_000)) / 1_000_000 + 0.5e-6
            case 2: Double(random.next() % 1_000_000_000) * 0.5
            default: Double(random.next() >> 11) * 0x1p-53 * 1e4
            }
        }.filter(\.isFinite)
    }

    @Test(arguments: BigIntTests.seeds)
    func `six digits are those of the C library`(seed: UInt64) throws {
        let test = TestHeap()
        for number in FloatTextTests.numbers(seed: seed, count: 2000) {
            #expect(try test.text(number, .exponent) == format("%e", number), "seed \(seed)")
            #expect(try test.text(number, .fixed) == format("%f", number), "seed \(seed)")
        }
    }

    private func format(_ format: String, _ number: Double) -> String {
        var buffer = [CChar](repeating: 0, count: 400)
        let count = withVaList([number]) { vsnprintf(&buffer, buffer.count, format, $0) }
        return String(
            decoding: buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    @Test(arguments: BigIntTests.seeds)
    func `the compact form reads back as the same number`(seed: UInt64) throws {
        let test = TestHeap()
        for number in FloatTextTests.numbers(seed: seed, count: 2000) {
            let text = try test.text(number)
            #expect(FloatTextTests.parse(text) == "\(number)", "seed \(seed), \(text)")
        }
    }

    /// What a text is read as: a number as Swift shows it, "too large" or "invalid".
    private static func parse(_ text: String) -> String {
        var text = text
        return text.withUTF8 { bytes in
            switch NumberText.parseFloat(bytes) {
            case .number(let number): "\(number)"
            case .tooLarge: "too large"
            case .invalid: "invalid"
            }
        }
    }

    static let texts: [(String, String)] = [
        ("0", "0.0"), ("-0", "-0.0"), ("1", "1.0"), ("+1.5", "1.5"), ("1.", "1.0"), (".5", "0.5"),
        ("-.5e1", "-5.0"), ("1e3", "1000.0"), ("1E+3", "1000.0"), ("1e-3", "0.001"),
        ("0.1", "0.1"), ("1e22", "1e+22"), ("1e23", "1e+23"),
        ("123456789012345678", "1.2345678901234568e+17"),
        ("9007199254740993", "9007199254740992.0"), ("4.9999999999999999", "5.0"),
        ("00012.50", "12.5"), ("0e999999999999", "0.0"), ("1e-999999999999", "0.0"),
        ("2.2250738585072011e-308", "2.225073858507201e-308"), ("5e-324", "5e-324"),
        ("2e-324", "0.0"), ("1.7976931348623158e308", "1.7976931348623157e+308"),
        ("1.7976931348623159e308", "too large"), ("-1e400", "too large"),
        ("1e999999999999999999999", "too large"),
        ("", "invalid"), ("-", "invalid"), (".", "invalid"), ("e1", "invalid"), ("1e", "invalid"),
        ("1e+", "invalid"), ("1.2.3", "invalid"), ("1e1.0", "invalid"), ("1.1abc", "invalid"),
        (" 1", "invalid"), ("1 ", "invalid"), ("0x1p3", "invalid"), ("1_0.0", "invalid"),
        ("--1", "invalid"), ("1e5\0", "invalid"),
        ("inf", "inf"), ("+Inf", "inf"), ("-INFINITY", "-inf"), ("nan", "nan"), ("+NaN", "nan"),
        ("infinit", "invalid"), ("nanx", "invalid"), ("in", "invalid"), ("i", "invalid"),
    ]

    @Test(arguments: texts)
    func `float reads the texts it should`(_ text: String, _ wanted: String) {
        #expect(FloatTextTests.parse(text) == wanted)
    }
}
