extension Limbs {
    /// Quotients with fewer limbs are computed row by row; measured.
    static let recursiveDivisionThreshold = 60

    /// `q = a / b` and `r = a % b`: `q` takes `aCount - bCount + 1` limbs, `r` takes `bCount`.
    ///
    /// `b` is trimmed and has two limbs or more, `aCount >= bCount`. Any of the results may be nil;
    /// they may be the places of the operands.
    static func divide(
        _ q: Pointer?, _ r: Pointer?, _ a: Pointer, _ aCount: Int, _ b: Pointer, _ bCount: Int
    ) {
        let quotientCount = aCount &- bCount &+ 1
        let isRecursive = min(quotientCount, bCount) >= recursiveDivisionThreshold
        let scratchCount = aCount &+ 1 &+ bCount &+ (isRecursive ? quotientCount : 0)
        withScratch(scratchCount) { scratch in
            let shift = b[bCount &- 1].leadingZeroBitCount
            let divisor = scratch + (aCount &+ 1)
            scratch[aCount] = shiftLeft(scratch, a, aCount, bits: shift)
            _ = shiftLeft(divisor, b, bCount, bits: shift)
            if isRecursive {
                let quotient = divisor + bCount
                divideRecursively(quotient, scratch, aCount &+ 1, divisor, bCount)
                q?.update(from: quotient, count: quotientCount)
            } else {
                divideByRows(q, scratch, aCount &+ 1, divisor, bCount)
            }
            if let r { shiftRight(r, scratch, bCount, bits: shift) }
        }
    }

    /// Replaces `a` by the remainder of `a / b`; the limbs of the quotient go to `q`.
    ///
    /// Knuth's algorithm D. `b` has its highest bit set and two limbs or more; the highest `bCount`
    /// limbs of `a` are less than `b`. Each limb of the quotient is estimated from three limbs by
    /// two, which is wrong (by one, too large) about once in 2^64 times.
    static func divideByRows(
        _ q: Pointer?, _ a: Pointer, _ aCount: Int, _ b: Pointer, _ bCount: Int
    ) {
        let divisor = DoubleReciprocal(b[bCount &- 1], b[bCount &- 2])
        var index = aCount &- bCount
        while index > 0 {
            index &-= 1
            let row = a + index
            let top = row[bCount]
            var digit = divisor.estimate(top, row[bCount &- 1], row[bCount &- 2])
            let borrow = subtractProduct(row, b, bCount, by: digit)
            row[bCount] = 0
            if top < borrow {
                digit &-= 1
                _ = add(row, row, bCount, b, bCount)
            }
            q?[index] = digit
        }
    }
}

/// The two highest limbs of a divisor, and their reciprocal, after Möller and Granlund (2011),
/// algorithms 4 and 6.
struct DoubleReciprocal {
    private let high: UInt
    private let low: UInt
    /// `(2^192 - 1) / (high·2^64 + low) - 2^64`.
    private let inverse: UInt

    /// The highest bit of `high` is set.
    init(_ high: UInt, _ low: UInt) {
        self.high = high
        self.low = low
        var inverse = Reciprocal(high).inverse
        var product = high &* inverse &+ low
        if product < low {
            inverse &-= 1
            if product >= high {
                inverse &-= 1
                product &-= high
            }
            product &-= high
        }
        let correction = low.multipliedFullWidth(by: inverse)
        product &+= correction.high
        if product < correction.high {
            inverse &-= 1
            if product > high || (product == high && correction.low >= low) { inverse &-= 1 }
        }
        self.inverse = inverse
    }

    /// The quotient of three limbs by the divisor, at most one limb.
    @inline(__always)
    func estimate(_ a2: UInt, _ a1: UInt, _ a0: UInt) -> UInt {
        if a2 >= high && (a2 > high || a1 >= low) { return UInt.max }
        let product = inverse.multipliedFullWidth(by: a2)
        let (quotientLow, carry) = product.low.addingReportingOverflow(a1)
        var quotient = product.high &+ a2 &+ (carry ? 1 : 0)
        // The remainder, in two limbs, of the quotient plus 1.
        let subtrahend = low.multipliedFullWidth(by: quotient)
        var borrow: UInt = 0
        var rest0 = Limbs.subtract(a0, subtrahend.low, &borrow)
        var rest1 = Limbs.subtract(a1 &- quotient &* high, subtrahend.high, &borrow)
        borrow = 0
        rest0 = Limbs.subtract(rest0, low, &borrow)
        rest1 = Limbs.subtract(rest1, high, &borrow)
        quotient &+= 1
        if rest1 >= quotientLow {
            quotient &-= 1
            var carry: UInt = 0
            rest0 = Limbs.add(rest0, low, &carry)
            rest1 = Limbs.add(rest1, high, &carry)
        }
        if rest1 > high || (rest1 == high && rest0 >= low) { quotient &+= 1 }
        return quotient
    }
}
