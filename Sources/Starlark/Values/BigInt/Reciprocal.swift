/// A limb to divide by, and its reciprocal: division by two multiplications in place of the slow
/// instruction.
///
/// After Möller and Granlund, "Improved division by invariant integers" (2011), algorithms 4 and 5.
struct Reciprocal {
    /// The divisor shifted so that its highest bit is set.
    let divisor: UInt
    /// How far it was shifted.
    let shift: Int
    /// `(2^128 - 1) / divisor - 2^64`.
    let inverse: UInt

    /// `limb` is not 0.
    @inline(__always)
    init(_ limb: UInt) {
        shift = limb.leadingZeroBitCount
        divisor = limb &<< UInt(shift)
        inverse = divisor.dividingFullWidth((~divisor, UInt.max)).quotient
    }

    /// Divides two limbs by the shifted divisor; `high` is less than it.
    @inline(__always)
    func divide(_ high: UInt, _ low: UInt) -> (quotient: UInt, remainder: UInt) {
        let product = inverse.multipliedFullWidth(by: high)
        let (quotientLow, overflow) = product.low.addingReportingOverflow(low)
        var quotient = product.high &+ high &+ (overflow ? 1 : 0) &+ 1
        var remainder = low &- quotient &* divisor
        if remainder > quotientLow {
            quotient &-= 1
            remainder &+= divisor
        }
        if remainder >= divisor {
            quotient &+= 1
            remainder &-= divisor
        }
        return (quotient, remainder)
    }
}

extension Limbs {
    /// `q = a / divisor`. Returns the remainder. `q` may be `a`.
    static func divide(_ q: Pointer, _ a: Pointer, _ count: Int, by divisor: Reciprocal) -> UInt {
        guard count > 0 else { return 0 }
        let shift = UInt(divisor.shift)
        var remainder = shift == 0 ? 0 : a[count &- 1] &>> (64 &- shift)
        var index = count
        while index > 0 {
            index &-= 1
            let below = index == 0 || shift == 0 ? 0 : a[index &- 1] &>> (64 &- shift)
            let limb = a[index] &<< shift | below
            (q[index], remainder) = divisor.divide(remainder, limb)
        }
        return remainder &>> shift
    }

    /// `a % divisor`.
    static func remainder(_ a: Pointer, _ count: Int, by divisor: Reciprocal) -> UInt {
        guard count > 0 else { return 0 }
        let shift = UInt(divisor.shift)
        var remainder = shift == 0 ? 0 : a[count &- 1] &>> (64 &- shift)
        var index = count
        while index > 0 {
            index &-= 1
            let below = index == 0 || shift == 0 ? 0 : a[index &- 1] &>> (64 &- shift)
            remainder = divisor.divide(remainder, a[index] &<< shift | below).remainder
        }
        return remainder &>> shift
    }
}
