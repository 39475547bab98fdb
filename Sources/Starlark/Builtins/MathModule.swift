#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The module `math`: functions and constants named as in starlark-go's library.
enum MathModule {
    /// A function's name in the module is what follows the point.
    static let functions: [Builtin] =
        [
            Builtin("math.ceil") { call throws(Failure) in
                try rounded(call, .up)
            },
            Builtin("math.floor") { call throws(Failure) in
                try rounded(call, .down)
            },
            Builtin("math.log") { call throws(Failure) in try logarithm(call) },
        ]
        + unaryFunctions.map { name, function in
            Builtin("math.\(name)") { call throws(Failure) in
                try call.expect(1)
                return call.arena.makeFloat(function(try number(call, 0)))
            }
        }
        + binaryFunctions.map { name, function in
            Builtin("math.\(name)") { call throws(Failure) in
                try call.expect(2)
                return call.arena.makeFloat(function(try number(call, 0), try number(call, 1)))
            }
        }

    static func constants(in arena: Arena) -> [(name: StaticString, value: Value)] {
        // The nearest float to e, which the library has no name for.
        [("e", arena.makeFloat(2.718281828459045)), ("pi", arena.makeFloat(.pi))]
    }

    private static let unaryFunctions: [(String, @Sendable (Double) -> Double)] = [
        ("acos", { acos($0) }), ("acosh", { acosh($0) }),
        ("asin", { asin($0) }), ("asinh", { asinh($0) }),
        ("atan", { atan($0) }), ("atanh", { atanh($0) }),
        ("cos", { cos($0) }), ("cosh", { cosh($0) }),
        ("degrees", { 360 * $0 / (2 * .pi) }),
        ("exp", { exp($0) }),
        ("fabs", { $0.magnitude }),
        ("gamma", gamma),
        ("radians", { 2 * .pi * $0 / 360 }),
        ("round", { $0.rounded(.toNearestOrAwayFromZero) }),
        ("sin", { sin($0) }), ("sinh", { sinh($0) }),
        ("sqrt", { $0.squareRoot() }),
        ("tan", { tan($0) }), ("tanh", { tanh($0) }),
    ]

    private static let binaryFunctions: [(String, @Sendable (Double, Double) -> Double)] = [
        ("atan2", { atan2($0, $1) }),
        ("copysign", { Double(signOf: $1, magnitudeOf: $0) }),
        ("hypot", { hypot($0, $1) }),
        ("mod", { $0.truncatingRemainder(dividingBy: $1) }),
        ("pow", { pow($0, $1) }),
        ("remainder", { $0.remainder(dividingBy: $1) }),
    ]

    /// Negative whole numbers have no gamma, and minus infinity neither.
    private static func gamma(_ x: Double) -> Double {
        x == -.infinity || (x < 0 && x == x.rounded(.down)) ? .nan : tgamma(x)
    }

    private static func number(_ call: borrowing Call, _ index: Int) throws(Failure) -> Double {
        let value = call[index]
        // Too large an integer counts as infinite here, unlike in arithmetic.
        if value.isFloat { return FloatObject(value).number }
        if value.isInt { return BigInt.nearestDouble(value) }
        throw call.mismatch(value, .position(index), "float or int")
    }

    /// The nearest integer in a direction, as an int.
    private static func rounded(
        _ call: borrowing Call, _ rule: FloatingPointRoundingRule
    ) throws(Failure) -> Value {
        try call.expect(1)
        let value = call[0]
        if value.isInt { return value }
        guard value.isFloat else { throw call.mismatch(value, 0, "float or int") }
        return try BigInt.truncate(FloatObject(value).number.rounded(rule), in: call.arena)
    }

    /// `log(x, base=e)`.
    private static func logarithm(_ call: borrowing Call) throws(Failure) -> Value {
        let count = try call.expect(1...2)
        let x = try number(call, 0)
        guard count == 2 else { return call.arena.makeFloat(log(x)) }
        let base = try number(call, 1)
        if base == 1 { throw Failure("division by zero") }
        return call.arena.makeFloat(log(x) / log(base))
    }
}
