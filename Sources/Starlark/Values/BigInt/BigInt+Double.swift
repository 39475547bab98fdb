/// Between integers and floats, exactly.
extension BigInt {
    /// The nearest float, ties to even; an infinity if the integer is too large.
    static func nearestDouble(_ x: Value) -> Double {
        if x.isSmallInt { return Double(x.smallInt) }
        return nearestDouble(IntegerView(BigIntObject(x)))
    }

    static func nearestDouble(_ view: IntegerView) -> Double {
        guard view.count > 0 else { return 0 }
        let top = view.limbs[view.count - 1]
        let shift = top.leadingZeroBitCount
        var leading = top << shift
        var rest: UInt = 0
        if view.count > 1 {
            let next = view.limbs[view.count - 2]
            leading |= shift == 0 ? 0 : next >> (64 - shift)
            rest = next << shift
            if Limbs.trimmed(view.limbs, view.count - 2) > 0 { rest = 1 }
        }
        // The lowest of the 64 bits decides nothing but ties, so it can stand for all bits below.
        if rest != 0 { leading |= 1 }
        let exponent = (view.count - 1) * UInt.bitWidth - shift
        if exponent > Double.greatestFiniteMagnitude.exponent { return sign(view, .infinity) }
        let magnitude = Double(sign: .plus, exponent: exponent, significand: Double(leading))
        return sign(view, magnitude)
    }

    private static func sign(_ view: IntegerView, _ magnitude: Double) -> Double {
        view.isNegative ? -magnitude : magnitude
    }

    /// The nearest finite float.
    static func finiteDouble(_ x: Value) throws(Failure) -> Double {
        let number = nearestDouble(x)
        if number.isInfinite { throw Failure("int too large to convert to float") }
        return number
    }

    /// The integer part of a finite number, or a failure.
    static func truncate(_ number: Double, in arena: Arena) throws(Failure) -> Value {
        if let int = Int(exactly: number.rounded(.towardZero)) { return arena.makeInt(int) }
        if number.isNaN { throw Failure("cannot convert float NaN to integer") }
        if number.isInfinite { throw Failure("cannot convert float infinity to integer") }
        return try withView(integral: number) { (view) throws(Failure) in
            let result = try arena.makeLimbs(view.count)
            result.limbs.update(from: view.limbs, count: view.count)
            return arena.finish(result, count: view.count, isNegative: view.isNegative)
        }
    }

    /// The limbs of the largest finite float.
    private static let maximumDoubleLimbs = 16

    /// A view of a finite number of at least 2^53, which is always an integer, while `body` runs.
    static func withView<Result, Problem: Error>(
        integral number: Double, _ body: (IntegerView) throws(Problem) -> Result
    ) throws(Problem) -> Result {
        let exponent = Int(number.exponent) - Double.significandBitCount
        let significand = UInt(number.significandBitPattern | 1 << Double.significandBitCount)
        var storage = InlineArray<16, UInt>(repeating: 0)
        var span = storage.mutableSpan
        return try span.withUnsafeMutableBufferPointer { (buffer) throws(Problem) -> Result in
            let limbs = buffer.baseAddress.unsafelyUnwrapped
            let (index, shift) = (exponent / UInt.bitWidth, exponent % UInt.bitWidth)
            limbs[index] = significand << shift
            if shift > 0, index + 1 < maximumDoubleLimbs {
                limbs[index + 1] = significand >> (64 - shift)
            }
            let count = Limbs.trimmed(limbs, maximumDoubleLimbs)
            return try body(IntegerView(limbs, count: count, isNegative: number < 0))
        }
    }

    /// Compares an integer with a number that is not NaN: less than 0, 0 or more than 0.
    static func compare(_ x: Value, _ number: Double) -> Int {
        // Rounding keeps the order, so only equality after rounding is in doubt.
        let nearest = nearestDouble(x)
        if number.isInfinite { return number < 0 ? 1 : -1 }
        if nearest != number { return nearest < number ? -1 : 1 }
        if x.isSmallInt {
            // At most 2^62 in magnitude, as `x` is.
            let int = Int(number)
            return x.smallInt < int ? -1 : x.smallInt > int ? 1 : 0
        }
        return withView(integral: number) { IntegerView(BigIntObject(x)).compare($0) }
    }

    /// The total order of floats: NaN equals itself and is greater than everything else.
    @inline(__always)
    static func compare(_ x: Double, _ y: Double) -> Int {
        if x < y { return -1 }
        if x > y { return 1 }
        if x == y { return 0 }
        return x.isNaN ? (y.isNaN ? 0 : 1) : -1
    }
}

extension BigIntObject {
    /// The hash of a finite integral number that does not fit a small integer.
    static func hash(integral number: Double) -> UInt32 {
        BigInt.withView(integral: number) { hash($0) }
    }
}

extension Value {
    /// Less than 0, 0 or more than 0 by the mathematical values of two numbers (int or float).
    ///
    /// NaN equals itself and is greater than everything else: Starlark spec, "Floating-point
    /// numbers".
    func compareNumbers(_ other: Value) -> Int {
        switch (isFloat, other.isFloat) {
        case (false, false): return BigInt.compare(self, other)
        case (true, true):
            return BigInt.compare(FloatObject(self).number, FloatObject(other).number)
        case (false, true):
            let number = FloatObject(other).number
            return number.isNaN ? -1 : BigInt.compare(self, number)
        case (true, false):
            let number = FloatObject(self).number
            return number.isNaN ? 1 : -BigInt.compare(other, number)
        }
    }
}
