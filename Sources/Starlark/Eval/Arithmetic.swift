/// The operators on numbers where the machine's own short ways end: it adds, subtracts, multiplies
/// and compares small integers itself as long as the result is one.
enum Arithmetic {
    /// `x op y`, or nil if an operand is no number (a bool is none) or the operator has no meaning
    /// for such numbers.
    static func binary(
        _ op: Operator, _ x: Value, _ y: Value, in arena: Arena
    ) throws(Failure) -> Value? {
        let quick = quickFloat(op, x, y, in: arena)
        if !quick.isUnbound { return quick }
        if x.isFloat || y.isFloat {
            guard hasMeaningForFloats(op), let a = try double(x), let b = try double(y) else {
                return nil
            }
            return try floats(op, a, b, in: arena)
        }
        guard x.isInt && y.isInt else { return nil }
        if x.isSmallInt && y.isSmallInt { return try smallIntegers(op, x, y, in: arena) }
        return try integers(op, x, y, in: arena)
    }

    /// `x op y` for a sum, difference, product or quotient of two floats or a float and a small
    /// integer, or unbound where it is anything else. It never fails, so it may be tried before all
    /// other cases.
    @inline(__always)
    static func quickFloat(_ op: Operator, _ x: Value, _ y: Value, in arena: Arena) -> Value {
        let (a, b): (Double, Double)
        if x.isFloat {
            a = FloatObject(x).number
            if y.isFloat {
                b = FloatObject(y).number
            } else if y.isSmallInt {
                b = Double(y.smallInt)
            } else {
                return .unbound
            }
        } else if x.isSmallInt && y.isFloat {
            (a, b) = (Double(x.smallInt), FloatObject(y).number)
        } else {
            return .unbound
        }
        switch op {
        case .times: return arena.makeFloat(a * b)
        case .plus: return arena.makeFloat(a + b)
        case .minus: return arena.makeFloat(a - b)
        case .divide where b != 0: return arena.makeFloat(a / b)
        default: return .unbound
        }
    }

    private static func hasMeaningForFloats(_ op: Operator) -> Bool {
        switch op {
        case .plus, .minus, .times, .divide, .floorDivide, .modulo: true
        default: false
        }
    }

    /// Starlark spec, "Floating-point numbers": IEEE 754, but dividing by zero is an error.
    private static func floats(
        _ op: Operator, _ a: Double, _ b: Double, in arena: Arena
    ) throws(Failure) -> Value? {
        switch op {
        case .plus: return arena.makeFloat(a + b)
        case .minus: return arena.makeFloat(a - b)
        case .times: return arena.makeFloat(a * b)
        case .divide:
            if b == 0 { throw floatDivisionByZero }
            return arena.makeFloat(a / b)
        case .floorDivide:
            if b == 0 { throw floorDivisionByZero }
            return arena.makeFloat((a / b).rounded(.down))
        case .modulo:
            if b == 0 { throw Failure("floating-point modulo by zero") }
            return arena.makeFloat(floorModulo(a, b))
        default: return nil
        }
    }

    /// The remainder of the floored quotient: it has the sign of `b`.
    private static func floorModulo(_ a: Double, _ b: Double) -> Double {
        let remainder = a.truncatingRemainder(dividingBy: b)
        return remainder != 0 && (a < 0) != (b < 0) ? remainder + b : remainder
    }

    /// Nothing here overflows 64 bits but products and shifts.
    private static func smallIntegers(
        _ op: Operator, _ x: Value, _ y: Value, in arena: Arena
    ) throws(Failure) -> Value? {
        let (a, b) = (x.smallInt, y.smallInt)
        switch op {
        case .plus: return arena.makeInt(a &+ b)
        case .minus: return arena.makeInt(a &- b)
        case .times:
            let (product, overflow) = a.multipliedReportingOverflow(by: b)
            return overflow ? try BigInt.multiply(x, y, in: arena) : arena.makeInt(product)
        case .divide:
            if b == 0 { throw floatDivisionByZero }
            return arena.makeFloat(Double(a) / Double(b))
        case .floorDivide:
            if b == 0 { throw floorDivisionByZero }
            let quotient = a / b
            return arena.makeInt((a ^ b) < 0 && quotient &* b != a ? quotient &- 1 : quotient)
        case .modulo:
            if b == 0 { throw integerModuloByZero }
            let remainder = a % b
            return Value(smallInt: remainder != 0 && (a ^ b) < 0 ? remainder &+ b : remainder)
        case .bitAnd: return Value(smallInt: a & b)
        case .bitOr: return Value(smallInt: a | b)
        case .bitXor: return Value(smallInt: a ^ b)
        case .shiftLeft:
            if b >= 0, b < 63, (a &<< b) &>> b == a { return arena.makeInt(a &<< b) }
            return try BigInt.shiftLeft(x, y, in: arena)
        case .shiftRight:
            if b >= 0 { return Value(smallInt: a >> b) }
            return try BigInt.shiftRight(x, y, in: arena)
        default: return nil
        }
    }

    private static func integers(
        _ op: Operator, _ x: Value, _ y: Value, in arena: Arena
    ) throws(Failure) -> Value? {
        switch op {
        case .plus: return try BigInt.add(x, y, in: arena)
        case .minus: return try BigInt.subtract(x, y, in: arena)
        case .times: return try BigInt.multiply(x, y, in: arena)
        case .divide:
            let dividend = try BigInt.finiteDouble(x)
            let divisor = try BigInt.finiteDouble(y)
            if divisor == 0 { throw floatDivisionByZero }
            return arena.makeFloat(dividend / divisor)
        case .floorDivide:
            if y.isZero { throw floorDivisionByZero }
            return try BigInt.floorDivide(x, y, in: arena)
        case .modulo:
            if y.isZero { throw integerModuloByZero }
            return try BigInt.modulo(x, y, in: arena)
        case .bitAnd: return try BigInt.bitwise(.and, x, y, in: arena)
        case .bitOr: return try BigInt.bitwise(.or, x, y, in: arena)
        case .bitXor: return try BigInt.bitwise(.xor, x, y, in: arena)
        case .shiftLeft: return try BigInt.shiftLeft(x, y, in: arena)
        case .shiftRight: return try BigInt.shiftRight(x, y, in: arena)
        default: return nil
        }
    }

    private static var floatDivisionByZero: Failure { Failure("floating-point division by zero") }
    private static var floorDivisionByZero: Failure { Failure("floored division by zero") }
    private static var integerModuloByZero: Failure { Failure("integer modulo by zero") }
}

extension Arithmetic {
    /// `-x`, `+x` or `~x`, or nil if `x` is no number or the operator has no meaning for it.
    static func unary(_ op: Operator, _ x: Value, in arena: Arena) throws(Failure) -> Value? {
        switch op {
        case .minus: try negate(x, in: arena)
        case .plus: plus(x)
        case .tilde: try invert(x, in: arena)
        default: nil
        }
    }

    /// `-x`, or nil if `x` is no number.
    static func negate(_ x: Value, in arena: Arena) throws(Failure) -> Value? {
        if x.isSmallInt { return arena.makeInt(0 &- x.smallInt) }
        if x.isFloat { return arena.makeFloat(-FloatObject(x).number) }
        return x.isInt ? try BigInt.negate(x, in: arena) : nil
    }

    /// `+x`, or nil if `x` is no number.
    static func plus(_ x: Value) -> Value? { x.isNumber ? x : nil }

    /// `~x`, or nil if `x` is no integer.
    static func invert(_ x: Value, in arena: Arena) throws(Failure) -> Value? {
        if x.isSmallInt { return Value(smallInt: ~x.smallInt) }
        return x.isInt ? try BigInt.invert(x, in: arena) : nil
    }

    /// `abs(x)`, or nil if `x` is no number.
    static func magnitude(_ x: Value, in arena: Arena) throws(Failure) -> Value? {
        if x.isFloat { return arena.makeFloat(FloatObject(x).number.magnitude) }
        guard x.isInt else { return nil }
        let isNegative = x.isSmallInt ? x.smallInt < 0 : BigIntObject(x).isNegative
        return isNegative ? try negate(x, in: arena) : x
    }

    /// A number as an integer, a float without its fraction; nil if `x` is no number.
    static func truncate(_ x: Value, in arena: Arena) throws(Failure) -> Value? {
        if x.isFloat { return try BigInt.truncate(FloatObject(x).number, in: arena) }
        return x.isInt ? x : nil
    }

    /// A number as the nearest finite float, or a failure if it is too large; nil if `x` is no
    /// number.
    @inline(__always)
    static func double(_ x: Value) throws(Failure) -> Double? {
        if x.isFloat { return FloatObject(x).number }
        if x.isSmallInt { return Double(x.smallInt) }
        return x.isInt ? try BigInt.finiteDouble(x) : nil
    }
}

extension Value {
    @inline(__always)
    fileprivate var isZero: Bool { isSmallInt && smallInt == 0 }
}
