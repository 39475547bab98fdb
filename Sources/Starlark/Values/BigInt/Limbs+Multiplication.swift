extension Limbs {
    /// Numbers with fewer limbs are multiplied row by row; measured.
    static let karatsubaThreshold = 40

    /// `a * b + c + d` never overflows two limbs.
    @inline(__always)
    static func multiplyAdd(_ a: UInt, _ b: UInt, _ c: UInt, _ d: UInt) -> (high: UInt, low: UInt) {
        let product = a.multipliedFullWidth(by: b)
        let (sum, overflow1) = product.low.addingReportingOverflow(c)
        let (low, overflow2) = sum.addingReportingOverflow(d)
        return (product.high &+ (overflow1 ? 1 : 0) &+ (overflow2 ? 1 : 0), low)
    }

    /// `r = a * limb + carry`. Returns the carry. `r` may be `a`.
    @inline(__always)
    static func multiply(
        _ r: Pointer, _ a: Pointer, _ count: Int, by limb: UInt, carry: UInt = 0
    ) -> UInt {
        var carry = carry
        for index in 0..<count {
            let (high, low) = multiplyAdd(a[index], limb, carry, 0)
            r[index] = low
            carry = high
        }
        return carry
    }

    /// `r += a * limb`. Returns the carry.
    @inline(__always)
    static func addProduct(_ r: Pointer, _ a: Pointer, _ count: Int, by limb: UInt) -> UInt {
        var carry: UInt = 0
        var index = 0
        while index &+ 4 <= count {
            (carry, r[index]) = multiplyAdd(a[index], limb, r[index], carry)
            (carry, r[index &+ 1]) = multiplyAdd(a[index &+ 1], limb, r[index &+ 1], carry)
            (carry, r[index &+ 2]) = multiplyAdd(a[index &+ 2], limb, r[index &+ 2], carry)
            (carry, r[index &+ 3]) = multiplyAdd(a[index &+ 3], limb, r[index &+ 3], carry)
            index &+= 4
        }
        while index < count {
            (carry, r[index]) = multiplyAdd(a[index], limb, r[index], carry)
            index &+= 1
        }
        return carry
    }

    /// `r -= a * limb`. Returns the borrow.
    ///
    /// `r - p` is `~(~r + p)`, which turns borrows into carries: the compiler makes jumps of the
    /// former.
    @inline(__always)
    static func subtractProduct(_ r: Pointer, _ a: Pointer, _ count: Int, by limb: UInt) -> UInt {
        var borrow: UInt = 0
        var index = 0
        while index &+ 2 <= count {
            var low: UInt
            (borrow, low) = multiplyAdd(a[index], limb, ~r[index], borrow)
            r[index] = ~low
            (borrow, low) = multiplyAdd(a[index &+ 1], limb, ~r[index &+ 1], borrow)
            r[index &+ 1] = ~low
            index &+= 2
        }
        if index < count {
            let (high, low) = multiplyAdd(a[index], limb, ~r[index], borrow)
            r[index] = ~low
            borrow = high
        }
        return borrow
    }

    /// `r = a * b` in `aCount + bCount` limbs, apart from both. The counts are not 0.
    static func multiply(
        _ r: Pointer, _ a: Pointer, _ aCount: Int, _ b: Pointer, _ bCount: Int
    ) {
        if aCount < bCount { return multiply(r, b, bCount, a, aCount) }
        if bCount < karatsubaThreshold {
            if a == b && aCount == bCount { return squareByRows(r, a, aCount) }
            return multiplyByRows(r, a, aCount, b, bCount)
        }
        let scratchCount = karatsubaScratch(bCount)
        if aCount == bCount {
            return withScratch(scratchCount) { karatsuba(r, a, b, bCount, $0) }
        }
        withScratch(scratchCount + 2 * bCount) {
            multiplyInPieces(r, a, aCount, b, bCount, product: $0, scratch: $0 + 2 * bCount)
        }
    }

    /// The school's way, where it is the fastest.
    static func multiplyByRows(
        _ r: Pointer, _ a: Pointer, _ aCount: Int, _ b: Pointer, _ bCount: Int
    ) {
        r[aCount] = multiply(r, a, aCount, by: b[0])
        var index = 1
        if bCount & 1 == 0 {
            r[aCount &+ 1] = addProduct(r + 1, a, aCount, by: b[1])
            index = 2
        }
        while index < bCount {
            addTwoProducts(r + index, a, aCount, by: b[index], b[index &+ 1])
            index &+= 2
        }
    }

    /// `r += a * (limb1·2^64 + limb0)`, two rows at once, which loads and stores `r` half as often.
    /// The two limbs above the `count` of `r` are written only.
    @inline(__always)
    private static func addTwoProducts(
        _ r: Pointer, _ a: Pointer, _ count: Int, by limb0: UInt, _ limb1: UInt
    ) {
        var (carry0, carry1, previous): (UInt, UInt, UInt) = (0, 0, 0)
        for index in 0..<count {
            let limb = a[index]
            let (high0, low0) = multiplyAdd(limb, limb0, r[index], carry0)
            (carry1, r[index]) = multiplyAdd(previous, limb1, low0, carry1)
            (carry0, previous) = (high0, limb)
        }
        (r[count &+ 1], r[count]) = multiplyAdd(previous, limb1, carry0, carry1)
    }

    /// Each product of two different limbs is computed once and doubled.
    static func squareByRows(_ r: Pointer, _ a: Pointer, _ count: Int) {
        r[0] = 0
        if count > 1 {
            r[count] = multiply(r + 1, a + 1, count &- 1, by: a[0])
            for index in 1..<count {
                r[count &+ index] = addProduct(
                    r + (2 &* index &+ 1), a + (index &+ 1), count &- index &- 1, by: a[index])
            }
        } else {
            r[1] = 0
        }
        var top: UInt = 0
        var carry: UInt = 0
        for index in 0..<count {
            let square = a[index].multipliedFullWidth(by: a[index])
            let (low, high) = (r[2 &* index], r[2 &* index &+ 1])
            r[2 &* index] = add(low &<< 1 | top, square.low, &carry)
            r[2 &* index &+ 1] = add(high &<< 1 | low &>> 63, square.high, &carry)
            top = high &>> 63
        }
    }

    /// A longer number times a shorter one, by pieces of the shorter one's length.
    private static func multiplyInPieces(
        _ r: Pointer, _ a: Pointer, _ aCount: Int, _ b: Pointer, _ bCount: Int,
        product: Pointer, scratch: Pointer
    ) {
        r.update(repeating: 0, count: aCount &+ bCount)
        var offset = 0
        while aCount &- offset >= bCount {
            karatsuba(product, a + offset, b, bCount, scratch)
            let place = r + offset
            _ = add(place, place, aCount &+ bCount &- offset, product, 2 &* bCount)
            offset &+= bCount
        }
        let rest = aCount &- offset
        guard rest > 0 else { return }
        multiply(product, b, bCount, a + offset, rest)
        let place = r + offset
        _ = add(place, place, rest &+ bCount, product, rest &+ bCount)
    }

    /// The limbs of scratch that `karatsuba` needs: two halves a level, and one limb for rounding
    /// up.
    private static func karatsubaScratch(_ count: Int) -> Int { 2 &* count &+ 256 }

    /// `r = a * b`, both of `count` limbs, after Karatsuba.
    ///
    /// With `a = a1·B + a0` and `b` likewise,
    /// `a0·b1 + a1·b0 = a0·b0 + a1·b1 + (a0 - a1)·(b1 - b0)`: three products of half the length
    /// instead of four. Taking differences keeps every factor within the half's length.
    private static func karatsuba(
        _ r: Pointer, _ a: Pointer, _ b: Pointer, _ count: Int, _ scratch: Pointer
    ) {
        if count < karatsubaThreshold {
            if a == b { return squareByRows(r, a, count) }
            return multiplyByRows(r, a, count, b, count)
        }
        let low = (count &+ 1) &>> 1
        let high = count &- low
        let rest = scratch + 2 &* low
        let negativeA = subtractMagnitudes(r, a, low, a + low, high)
        var negative = true
        if a == b {
            karatsuba(scratch, r, r, low, rest)
        } else {
            // `b0 - b1` instead of `b1 - b0`: the sign turns.
            negative = negativeA == subtractMagnitudes(r + low, b, low, b + low, high)
            karatsuba(scratch, r, r + low, low, rest)
        }
        karatsuba(r, a, b, low, rest)
        karatsuba(r + 2 &* low, a + low, b + low, high, rest)

        // The middle: the sum of both products, plus or minus the product of the differences.
        rest[2 &* low] = add(rest, r, 2 &* low, r + 2 &* low, 2 &* high)
        if negative {
            _ = subtract(rest, rest, 2 &* low &+ 1, scratch, 2 &* low)
        } else {
            _ = add(rest, rest, 2 &* low &+ 1, scratch, 2 &* low)
        }
        let place = r + low
        let placeCount = 2 &* count &- low
        let middleCount = min(trimmed(rest, 2 &* low &+ 1), placeCount)
        _ = add(place, place, placeCount, rest, middleCount)
    }

    /// `r = |a - b|` in `aCount` limbs, not fewer than `bCount`. Whether `a` was less.
    private static func subtractMagnitudes(
        _ r: Pointer, _ a: Pointer, _ aCount: Int, _ b: Pointer, _ bCount: Int
    ) -> Bool {
        let longer = trimmed(a + bCount, aCount &- bCount) > 0
        if longer || compare(a, b, bCount) >= 0 {
            _ = subtract(r, a, aCount, b, bCount)
            return false
        }
        _ = subtract(r, b, bCount, a, bCount)
        (r + bCount).update(repeating: 0, count: aCount &- bCount)
        return true
    }

    /// Memory for `count` limbs while `body` runs: on the stack if it is little.
    @inline(__always)
    static func withScratch<Result>(_ count: Int, _ body: (Pointer) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: UInt.self, capacity: max(count, 1)) { buffer in
            body(buffer.baseAddress.unsafelyUnwrapped)
        }
    }
}
