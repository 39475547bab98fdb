import Starlark
import Testing

@Suite struct ConversionTests {
    private func roundTrip<T: StarlarkConvertible & Equatable>(
        _ value: T, _ description: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let converted = try StarlarkValue(value)
        #expect(converted.description == description, sourceLocation: sourceLocation)
        #expect(try converted.as(T.self) == value, sourceLocation: sourceLocation)
    }

    @Test func roundTrips() throws {
        try roundTrip(true, "True")
        try roundTrip(0, "0")
        try roundTrip(Int.min, "-9223372036854775808")
        try roundTrip(UInt64.max, "18446744073709551615")
        try roundTrip(UInt8.max as UInt8, "255")
        try roundTrip(-1.5, "-1.5")
        try roundTrip("grüße \"x\"", #""grüße \"x\"""#)
        try roundTrip([0, 255] as [UInt8], #"b"\x00\xff""#)
        try roundTrip([] as [UInt8], #"b"""#)
        try roundTrip(nil as Int?, "None")
        try roundTrip(7 as Int?, "7")
        try roundTrip([[1], [], [2, 3]], "[[1], [], [2, 3]]")
        try roundTrip(["b": 1, "a": 2, "c": 3], #"{"a": 2, "b": 1, "c": 3}"#)
        try roundTrip(Set([3, 1, 2]), "set([1, 2, 3])")
        try roundTrip(StarlarkInteger(-5), "-5")
    }

    @Test func pairsKeepTheirOrder() throws {
        let pairs: OrderedPairs<Int, String> = [2: "b", 1: "a"]
        let value = try StarlarkValue(pairs)
        #expect(value.description == #"{2: "b", 1: "a"}"#)
        #expect(try value.as(OrderedPairs<Int, String>.self).map(\.key) == [2, 1])
        #expect(try value.as(OrderedPairs<Int, String>.self)[1] == "a")
    }

    @Test func tuplesHaveTypes() throws {
        let value = try StarlarkValue(StarlarkTuple(1, "one", [true]))
        #expect(value.description == #"(1, "one", [True])"#)
        let (number, name, flags) = try value.as(StarlarkTuple<Int, String, [Bool]>.self).values
        #expect(number == 1 && name == "one" && flags == [true])
    }

    static let bigIntegers = [
        "0", "-1", "4611686018427387904", "-4611686018427387905", "9223372036854775808",
        "340282366920938463463374607431768211455", "-1000000000000000000000000000000000000000000",
    ]

    @Test(arguments: bigIntegers) func bigIntegersKeepTheirDigits(_ text: String) throws {
        let integer = try #require(StarlarkInteger(text))
        #expect(integer.description == text)
        let value = try StarlarkValue(integer)
        #expect(value.description == text)
        #expect(try value.as(StarlarkInteger.self) == integer)
        #expect(
            StarlarkInteger(isNegative: integer.isNegative, magnitude: integer.magnitude) == integer
        )
    }

    @Test func integersAreChecked() throws {
        #expect(StarlarkInteger("12x") == nil)
        #expect(StarlarkInteger(isNegative: true, magnitude: [0, 0]) == StarlarkInteger(0))
        #expect(StarlarkInteger(Int8.min).description == "-128")
        #expect(
            throws: ConversionError(expected: "int from -128 to 127", found: "128 (out of range)")
        ) {
            try StarlarkValue(128).as(Int8.self)
        }
        #expect(throws: ConversionError(expected: "non-negative int", found: "-1 (out of range)")) {
            try StarlarkValue(-1).as(UInt64.self)
        }
        #expect(throws: ConversionError(expected: "int", found: "bool")) {
            try StarlarkValue(true).as(Int.self)
        }
    }

    @Test func floatsTakeIntegers() throws {
        #expect(try StarlarkValue(3).as(Double.self) == 3)
        #expect(throws: ConversionError.self) { try StarlarkValue("3").as(Double.self) }
    }

    static let mistakes: [(String, String)] = [
        ("[1, 2, 'c']", "want list of int, element 2 is string"),
        ("'abc'", "got string, want list of int"),
        ("None", "got NoneType, want list of int"),
        ("{1: 2}", "got dict, want list of int"),
    ]

    @Test(arguments: mistakes) func mistakesAreDescribed(_ source: String, _ message: String) throws
    {
        let module = try HostFixture.run("x = \(source)")
        let error = #expect(throws: ConversionError.self) { try module.get("x", as: [Int].self) }
        #expect(error?.description == message)
    }

    @Test func optionalsSayThatNoneWouldDo() throws {
        let error = #expect(throws: ConversionError.self) { try StarlarkValue("a").as(Int?.self) }
        #expect(error?.description == "got string, want int or None")
    }

    @Test func invalidTextIsRepaired() throws {
        let module = try HostFixture.run("x = 'ü'[0]")
        #expect(try module.get("x") == "\u{fffd}")
    }

    @Test func modulesTellWhatTheyDefine() throws {
        let module = try HostFixture.run("counts = {'a': 1, 'b': 2}")
        #expect(try module.get("counts", as: [String: Int].self) == ["a": 1, "b": 2])
        let error = #expect(throws: EvaluationError.self) { try module.get("count", as: Int.self) }
        #expect(error?.message == "module test.star defines no `count`")
        #expect(error?.hint == "did you mean counts?")
    }

    /// A type of the host's own.
    struct Target: StarlarkConvertible, Equatable {
        var name: String
        var deps: [String]

        static let starlarkTypeName = "target"

        static func fromStarlark(_ value: StarlarkValue) throws -> Target {
            Target(
                name: try value.attribute("name").as(), deps: try value.attribute("deps").as())
        }

        func starlarkValue(in factory: ValueFactory) throws -> StarlarkValue {
            try factory.structure(["name": name, "deps": deps])
        }
    }

    @Test func typesOfTheHost() throws {
        let targets = [Target(name: "a", deps: ["b"]), Target(name: "b", deps: [])]
        let value = try StarlarkValue(targets)
        #expect(
            value.description
                == #"[struct(deps = ["b"], name = "a"), struct(deps = [], name = "b")]"#)
        #expect(try value.as([Target].self) == targets)
    }
}
