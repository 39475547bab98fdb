/// Natural numbers as arrays of 64-bit limbs, least significant first: the loops below `BigInt`.
///
/// The functions work in memory that the caller provides and never check bounds. A result may be
/// the very place of an operand where that is said; operands never overlap otherwise. A count of 0
/// is the number 0; a number is trimmed if its last limb is not 0.
///
/// The chains of `addingReportingOverflow` compile to `adc` and `sbb`, four steps to a round, with
/// the carry in the flag between them. That takes carries as integers joined by `|`: of `Bool` and
/// `||` the compiler makes jumps, which random limbs mispredict half the time.
enum Limbs {
    typealias Pointer = UnsafeMutablePointer<UInt>

    /// The count without zero limbs at the end.
    @inline(__always)
    static func trimmed(_ a: Pointer, _ count: Int) -> Int {
        var count = count
        while count > 0, a[count &- 1] == 0 { count &-= 1 }
        return count
    }

    /// Less than 0, 0 or more than 0. Both are trimmed.
    @inline(__always)
    static func compare(_ a: Pointer, _ aCount: Int, _ b: Pointer, _ bCount: Int) -> Int {
        if aCount != bCount { return aCount &- bCount }
        return compare(a, b, aCount)
    }

    /// Two numbers of the same count.
    @inline(__always)
    static func compare(_ a: Pointer, _ b: Pointer, _ count: Int) -> Int {
        var index = count
        while index > 0 {
            index &-= 1
            if a[index] != b[index] { return a[index] < b[index] ? -1 : 1 }
        }
        return 0
    }

    /// `a + b + carry`; the carry out replaces the carry in.
    @inline(__always)
    static func add(_ a: UInt, _ b: UInt, _ carry: inout UInt) -> UInt {
        let (sum, overflow1) = a.addingReportingOverflow(b)
        let (result, overflow2) = sum.addingReportingOverflow(carry)
        carry = (overflow1 ? 1 : 0) | (overflow2 ? 1 : 0)
        return result
    }

    /// `a - b - borrow`; the borrow out replaces the borrow in.
    @inline(__always)
    static func subtract(_ a: UInt, _ b: UInt, _ borrow: inout UInt) -> UInt {
        let (difference, overflow1) = a.subtractingReportingOverflow(b)
        let (result, overflow2) = difference.subtractingReportingOverflow(borrow)
        borrow = (overflow1 ? 1 : 0) | (overflow2 ? 1 : 0)
        return result
    }

    /// `r = a + b` in `aCount` limbs, not fewer than `bCount`. Returns the carry. `r` may be `a` or
    /// `b`.
    @inline(__always)
    static func add(
        _ r: Pointer, _ a: Pointer, _ aCount: Int, _ b: Pointer, _ bCount: Int
    ) -> UInt {
        var carry: UInt = 0
        var index = 0
        while index &+ 4 <= bCount {
            r[index] = add(a[index], b[index], &carry)
            r[index &+ 1] = add(a[index &+ 1], b[index &+ 1], &carry)
            r[index &+ 2] = add(a[index &+ 2], b[index &+ 2], &carry)
            r[index &+ 3] = add(a[index &+ 3], b[index &+ 3], &carry)
            index &+= 4
        }
        while index < bCount {
            r[index] = add(a[index], b[index], &carry)
            index &+= 1
        }
        return add(r + index, a + index, aCount &- index, limb: carry)
    }

    /// `r = a + limb`. Returns the carry. `r` may be `a`.
    @inline(__always)
    static func add(_ r: Pointer, _ a: Pointer, _ count: Int, limb: UInt) -> UInt {
        var carry = limb
        var index = 0
        while index < count, carry != 0 {
            let (sum, overflow) = a[index].addingReportingOverflow(carry)
            r[index] = sum
            carry = overflow ? 1 : 0
            index &+= 1
        }
        if r != a, index < count { (r + index).update(from: a + index, count: count &- index) }
        return carry
    }

    /// `r = a - b` in `aCount` limbs, not fewer than `bCount`. Returns the borrow. `r` may be `a`
    /// or `b`.
    @inline(__always)
    static func subtract(
        _ r: Pointer, _ a: Pointer, _ aCount: Int, _ b: Pointer, _ bCount: Int
    ) -> UInt {
        var borrow: UInt = 0
        var index = 0
        while index &+ 4 <= bCount {
            r[index] = subtract(a[index], b[index], &borrow)
            r[index &+ 1] = subtract(a[index &+ 1], b[index &+ 1], &borrow)
            r[index &+ 2] = subtract(a[index &+ 2], b[index &+ 2], &borrow)
            r[index &+ 3] = subtract(a[index &+ 3], b[index &+ 3], &borrow)
            index &+= 4
        }
        while index < bCount {
            r[index] = subtract(a[index], b[index], &borrow)
            index &+= 1
        }
        return subtract(r + index, a + index, aCount &- index, limb: borrow)
    }

    /// `r = a - limb`. Returns the borrow. `r` may be `a`.
    @inline(__always)
    static func subtract(_ r: Pointer, _ a: Pointer, _ count: Int, limb: UInt) -> UInt {
        var borrow = limb
        var index = 0
        while index < count, borrow != 0 {
            let (difference, overflow) = a[index].subtractingReportingOverflow(borrow)
            r[index] = difference
            borrow = overflow ? 1 : 0
            index &+= 1
        }
        if r != a, index < count { (r + index).update(from: a + index, count: count &- index) }
        return borrow
    }

    /// `r = a << bits` for `bits` in `0..<64`. Returns the bits shifted out. `r` may be `a`.
    static func shiftLeft(_ r: Pointer, _ a: Pointer, _ count: Int, bits: Int) -> UInt {
        if bits == 0 {
            if r != a { r.update(from: a, count: count) }
            return 0
        }
        let (left, right) = (UInt(bits), UInt(64 &- bits))
        var out: UInt = 0
        for index in 0..<count {
            let limb = a[index]
            r[index] = limb &<< left | out
            out = limb &>> right
        }
        return out
    }

    /// `r = a >> bits` for `bits` in `0..<64`. `r` may be `a`, or lie below it.
    static func shiftRight(_ r: Pointer, _ a: Pointer, _ count: Int, bits: Int) {
        if bits == 0 {
            if r != a { r.update(from: a, count: count) }
            return
        }
        let (left, right) = (UInt(64 &- bits), UInt(bits))
        for index in 0..<max(count &- 1, 0) {
            r[index] = a[index] &>> right | a[index &+ 1] &<< left
        }
        if count > 0 { r[count &- 1] = a[count &- 1] &>> right }
    }

    /// The number of bits of a trimmed number.
    @inline(__always)
    static func bitCount(_ a: Pointer, _ count: Int) -> Int {
        count == 0 ? 0 : count &* 64 &- a[count &- 1].leadingZeroBitCount
    }
}
