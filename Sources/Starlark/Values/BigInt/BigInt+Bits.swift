extension BigInt {
    /// The largest count of `<<`, plus 1: what the other implementations allow.
    static let shiftLimit = 512

    static func shiftLeft(_ x: Value, _ count: Value, in arena: Arena) throws(Failure) -> Value {
        let bits = try shiftCount(count, in: arena)
        if bits >= shiftLimit {
            throw Failure("shift count too large: \(count.excerpt(in: arena))")
        }
        return try x.withIntegerView { (x) throws(Failure) in
            if x.count == 0 { return Value(smallInt: 0) }
            if x.bitCount &+ bits > Arena.maximumIntegerBits { throw arena.integerTooLarge }
            let limbShift = bits / UInt.bitWidth
            let count = x.count &+ limbShift &+ 1
            let result = try arena.makeLimbs(count)
            result.limbs.update(repeating: 0, count: limbShift)
            result.limbs[count &- 1] = Limbs.shiftLeft(
                result.limbs + limbShift, x.limbs, x.count, bits: bits % UInt.bitWidth)
            return arena.finish(result, count: count, isNegative: x.isNegative)
        }
    }

    /// Shifts arithmetically: the result is rounded down.
    static func shiftRight(_ x: Value, _ count: Value, in arena: Arena) throws(Failure) -> Value {
        let bits = try shiftCount(count, in: arena)
        return try x.withIntegerView { (x) throws(Failure) in
            try shiftRight(x, bits, in: arena)
        }
    }

    @inline(__always)
    static func shiftRight(
        _ x: IntegerView, _ bits: Int, in arena: Arena
    ) throws(Failure) -> Value {
        let limbShift = bits / UInt.bitWidth
        guard limbShift < x.count else { return Value(smallInt: x.isNegative ? -1 : 0) }
        let count = x.count &- limbShift
        let result = try arena.makeLimbs(count &+ 1)
        result.limbs[count] = 0
        let source = x.limbs + limbShift
        Limbs.shiftRight(result.limbs, source, count, bits: bits % UInt.bitWidth)
        if x.isNegative {
            let mask = UInt(1) &<< UInt(bits % UInt.bitWidth) &- 1
            let isExact = source[0] & mask == 0 && Limbs.trimmed(x.limbs, limbShift) == 0
            if !isExact { _ = Limbs.add(result.limbs, result.limbs, count &+ 1, limb: 1) }
        }
        return arena.finish(result, count: count &+ 1, isNegative: x.isNegative)
    }

    /// The count of a shift; one beyond the machine's integers becomes the largest.
    private static func shiftCount(_ count: Value, in arena: Arena) throws(Failure) -> Int {
        guard let bits = count.asInt else {
            if !BigIntObject(count).isNegative { return Int.max }
            throw Failure("negative shift count: \(count.excerpt(in: arena))")
        }
        if bits < 0 { throw Failure("negative shift count: \(bits)") }
        return bits
    }

    /// `x & y`, `x | y` or `x ^ y` of integers in two's complement with endless sign bits.
    static func bitwise(
        _ operation: BitOperation, _ x: Value, _ y: Value, in arena: Arena
    ) throws(Failure) -> Value {
        try Value.withIntegerViews(x, y) { (x, y) throws(Failure) in
            if !x.isNegative && !y.isNegative {
                return try bitwise(operation, magnitudes: x, y, in: arena)
            }
            let isNegative = operation.apply(x.signLimb, y.signLimb) != 0
            let count = resultCount(operation, x, y)
            let result = try arena.makeLimbs(count)
            var carryX: UInt = x.isNegative ? 1 : 0
            var carryY: UInt = y.isNegative ? 1 : 0
            var carry: UInt = isNegative ? 1 : 0
            for index in 0..<count {
                let limbX = x.complementLimb(index, &carryX)
                let limbY = y.complementLimb(index, &carryY)
                let limb = operation.apply(limbX, limbY)
                result.limbs[index] = isNegative ? Limbs.add(~limb, 0, &carry) : limb
            }
            return arena.finish(result, count: count, isNegative: isNegative)
        }
    }

    /// `bitwise` where no operand is negative.
    private static func bitwise(
        _ operation: BitOperation, magnitudes x: IntegerView, _ y: IntegerView, in arena: Arena
    ) throws(Failure) -> Value {
        let (longer, shorter) = x.count >= y.count ? (x, y) : (y, x)
        let count = operation == .and ? shorter.count : longer.count
        let result = try arena.makeLimbs(max(count, 1))
        let (r, a, b) = (result.limbs, longer.limbs, shorter.limbs)
        switch operation {
        case .and: for index in 0..<count { r[index] = a[index] & b[index] }
        case .or: for index in 0..<shorter.count { r[index] = a[index] | b[index] }
        case .xor: for index in 0..<shorter.count { r[index] = a[index] ^ b[index] }
        }
        if count > shorter.count {
            (r + shorter.count).update(from: a + shorter.count, count: count &- shorter.count)
        }
        if count == 0 { r[0] = 0 }
        return arena.finish(result, count: max(count, 1), isNegative: false)
    }

    /// The limbs of the result of `bitwise`, at least one, where an operand is negative.
    @inline(__always)
    private static func resultCount(
        _ operation: BitOperation, _ x: IntegerView, _ y: IntegerView
    ) -> Int {
        // Above an operand that is not negative, `&` gives nothing but zeros.
        if operation == .and && x.isNegative != y.isNegative {
            return max(x.isNegative ? y.count : x.count, 1)
        }
        // One limb more: the magnitude of a negative result may be a power of 2^64.
        return max(x.count, y.count) &+ 1
    }

    /// The exponent of a power of two in one limb, or nil: dividing by it is shifting.
    @inline(__always)
    static func powerOf2Exponent(_ y: IntegerView) -> Int? {
        guard y.count == 1, !y.isNegative, y.limbs[0] & (y.limbs[0] &- 1) == 0 else { return nil }
        return y.limbs[0].trailingZeroBitCount
    }

    /// `~x`, which is `-x - 1`.
    static func invert(_ x: Value, in arena: Arena) throws(Failure) -> Value {
        try subtract(Value(smallInt: -1), x, in: arena)
    }
}

enum BitOperation {
    case and, or, xor

    @inline(__always)
    func apply(_ x: UInt, _ y: UInt) -> UInt {
        switch self {
        case .and: x & y
        case .or: x | y
        case .xor: x ^ y
        }
    }
}

extension IntegerView {
    /// The limb that repeats without end above the others in two's complement.
    @inline(__always)
    fileprivate var signLimb: UInt { isNegative ? UInt.max : 0 }

    /// A limb of the two's complement; `carry` starts as the sign and goes from limb to limb.
    @inline(__always)
    fileprivate func complementLimb(_ index: Int, _ carry: inout UInt) -> UInt {
        let limb = index < count ? limbs[index] : 0
        return isNegative ? Limbs.add(~limb, 0, &carry) : limb
    }
}
