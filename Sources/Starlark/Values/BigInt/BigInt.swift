/// Integer arithmetic of any size. The operands are integer values, small or big; a result that
/// fits is a small integer.
///
/// The machine computes with small integers itself; it comes here when their result does not fit,
/// and for big ones.
enum BigInt {
    static func add(_ x: Value, _ y: Value, in arena: Arena) throws(Failure) -> Value {
        try Value.withIntegerViews(x, y) { (x, y) throws(Failure) in
            try add(x, y, negative: y.isNegative, in: arena)
        }
    }

    static func subtract(_ x: Value, _ y: Value, in arena: Arena) throws(Failure) -> Value {
        try Value.withIntegerViews(x, y) { (x, y) throws(Failure) in
            try add(x, y, negative: !y.isNegative, in: arena)
        }
    }

    /// `x` plus `y` with the given sign.
    @inline(__always)
    private static func add(
        _ x: IntegerView, _ y: IntegerView, negative: Bool, in arena: Arena
    ) throws(Failure) -> Value {
        if x.isNegative == negative {
            let (longer, shorter) = x.count >= y.count ? (x, y) : (y, x)
            let result = try arena.makeLimbs(longer.count &+ 1)
            result.limbs[longer.count] = Limbs.add(
                result.limbs, longer.limbs, longer.count, shorter.limbs, shorter.count)
            return arena.finish(result, count: longer.count &+ 1, isNegative: negative)
        }
        let order = x.compareMagnitude(y)
        if order == 0 { return Value(smallInt: 0) }
        let (larger, smaller) = order > 0 ? (x, y) : (y, x)
        let result = try arena.makeLimbs(larger.count)
        _ = Limbs.subtract(
            result.limbs, larger.limbs, larger.count, smaller.limbs, smaller.count)
        let isNegative = order > 0 ? x.isNegative : negative
        return arena.finish(result, count: larger.count, isNegative: isNegative)
    }

    static func multiply(_ x: Value, _ y: Value, in arena: Arena) throws(Failure) -> Value {
        try Value.withIntegerViews(x, y) { (x, y) throws(Failure) in
            if x.count == 0 || y.count == 0 { return Value(smallInt: 0) }
            let (longer, shorter) = x.count >= y.count ? (x, y) : (y, x)
            let count = longer.count &+ shorter.count
            let result = try arena.makeLimbs(count)
            if shorter.count == 1 {
                result.limbs[longer.count] = Limbs.multiply(
                    result.limbs, longer.limbs, longer.count, by: shorter.limbs[0])
            } else {
                Limbs.multiply(
                    result.limbs, longer.limbs, longer.count, shorter.limbs, shorter.count)
            }
            return arena.finish(
                result, count: count, isNegative: x.isNegative != y.isNegative)
        }
    }

    /// The quotient, rounded down. `y` is not 0.
    static func floorDivide(_ x: Value, _ y: Value, in arena: Arena) throws(Failure) -> Value {
        try Value.withIntegerViews(x, y) { (x, y) throws(Failure) in
            let isNegative = x.isNegative != y.isNegative
            if x.count < y.count { return Value(smallInt: isNegative && x.count > 0 ? -1 : 0) }
            if let bits = powerOf2Exponent(y) { return try shiftRight(x, bits, in: arena) }
            let count = x.count &- y.count &+ 1
            // One limb more, as rounding down may carry into it.
            let result = try arena.makeLimbs(count &+ 1)
            result.limbs[count] = 0
            var isExact: Bool
            if y.count == 1 {
                let divisor = Reciprocal(y.limbs[0])
                isExact = Limbs.divide(result.limbs, x.limbs, x.count, by: divisor) == 0
            } else if isNegative {
                isExact = Limbs.withScratch(y.count) { remainder in
                    Limbs.divide(
                        result.limbs, remainder, x.limbs, x.count, y.limbs, y.count)
                    return Limbs.trimmed(remainder, y.count) == 0
                }
            } else {
                Limbs.divide(result.limbs, nil, x.limbs, x.count, y.limbs, y.count)
                isExact = true
            }
            if isNegative && !isExact {
                _ = Limbs.add(result.limbs, result.limbs, count &+ 1, limb: 1)
            }
            return arena.finish(result, count: count &+ 1, isNegative: isNegative)
        }
    }

    /// The remainder of `floorDivide`, which has the sign of `y`. `y` is not 0.
    static func modulo(_ x: Value, _ y: Value, in arena: Arena) throws(Failure) -> Value {
        try Value.withIntegerViews(x, y) { (x, y) throws(Failure) in
            let result = try arena.makeLimbs(y.count)
            let limbs = result.limbs
            if x.count < y.count {
                limbs.update(from: x.limbs, count: x.count)
                (limbs + x.count).update(repeating: 0, count: y.count &- x.count)
            } else if let bits = powerOf2Exponent(y) {
                limbs[0] = x.limbs[0] & (1 &<< UInt(bits) &- 1)
            } else if y.count == 1 {
                limbs[0] = Limbs.remainder(x.limbs, x.count, by: Reciprocal(y.limbs[0]))
            } else {
                Limbs.divide(nil, limbs, x.limbs, x.count, y.limbs, y.count)
            }
            if x.isNegative != y.isNegative, Limbs.trimmed(limbs, y.count) > 0 {
                _ = Limbs.subtract(limbs, y.limbs, y.count, limbs, y.count)
            }
            return arena.finish(result, count: y.count, isNegative: y.isNegative)
        }
    }

    static func negate(_ x: Value, in arena: Arena) throws(Failure) -> Value {
        try subtract(Value(smallInt: 0), x, in: arena)
    }

    /// Less than 0, 0 or more than 0.
    static func compare(_ x: Value, _ y: Value) -> Int {
        if x.isSmallInt && y.isSmallInt {
            return x.smallInt < y.smallInt ? -1 : x.smallInt > y.smallInt ? 1 : 0
        }
        return Value.withIntegerViews(x, y) { $0.compare($1) }
    }
}

extension BigIntObject {
    /// The value as a machine integer, if it is one.
    var asInt: Int? {
        guard count == 1 else { return nil }
        let magnitude = limbs[0]
        if magnitude <= UInt(Int.max) {
            return isNegative ? -Int(bitPattern: magnitude) : Int(bitPattern: magnitude)
        }
        return isNegative && magnitude == 1 << 63 ? Int.min : nil
    }

    /// Equal to that of a float of the same value (`hash(integral:)`).
    var hash: UInt32 { BigIntObject.hash(IntegerView(self)) }

    static func hash(_ view: IntegerView) -> UInt32 {
        var state: UInt64 = view.isNegative ? 1 : 0
        for index in 0..<view.count {
            state = UInt64(ByteHash.hash(word: state &* 31 &+ UInt64(view.limbs[index])))
        }
        return UInt32(truncatingIfNeeded: state)
    }

    /// Checks that the integer is in its one form: no zero limb on top, and too large for a small
    /// one.
    func checkInvariants() {
        precondition(count > 0 && limbs[count - 1] != 0, "big integers are trimmed")
        if count == 1 {
            let limit: UInt = isNegative ? 1 << 62 : 1 << 62 - 1
            precondition(limbs[0] > limit, "what fits is a small integer")
        }
    }
}
