/// Division in less than quadratic time, after Burnikel and Ziegler, "Fast recursive division" (1998).
///
/// A quotient of two halves by one is two quotients of three halves by two, and each of those is one
/// quotient of half the length and one multiplication, which Karatsuba's method makes cheap.
extension Limbs {
    /// As `divide`, for long operands.
    static func divideInBlocks(
        _ q: Pointer?, _ r: Pointer?, _ a: Pointer, _ aCount: Int, _ b: Pointer, _ bCount: Int
    ) {
        let block = blockCount(bCount)
        // Zeros below both operands leave the quotient as it is and make the divisor one block.
        let padding = block &- bCount
        let blocks = (aCount &+ padding) / block + 1
        let paddedCount = blocks &* block
        // The quotient has `blocks - 1` blocks.
        withScratch(2 &* paddedCount &+ 3 &* block) { scratch in
            let dividend = scratch
            let divisor = dividend + paddedCount
            let quotient = divisor + block
            let product = quotient + paddedCount
            let shift = b[bCount &- 1].leadingZeroBitCount
            divisor.update(repeating: 0, count: padding)
            _ = shiftLeft(divisor + padding, b, bCount, bits: shift)
            dividend.update(repeating: 0, count: paddedCount)
            let top = shiftLeft(dividend + padding, a, aCount, bits: shift)
            if padding &+ aCount < paddedCount { dividend[padding &+ aCount] = top }
            quotient.update(repeating: 0, count: paddedCount)

            var index = blocks &- 1
            while index > 0 {
                index &-= 1
                let offset = index &* block
                divideTwoByOne(quotient + offset, dividend + offset, divisor, block, product)
            }
            if let q { q.update(from: quotient, count: aCount &- bCount &+ 1) }
            if let r { shiftRight(r, dividend + padding, bCount, bits: shift) }
        }
    }

    /// The least count, not less than `count`, that can be halved until it is below the threshold.
    private static func blockCount(_ count: Int) -> Int {
        var halvings = 0
        while count &>> halvings >= recursiveDivisionThreshold { halvings &+= 1 }
        let unit = 1 &<< halvings
        return (count &+ unit &- 1) / unit &* unit
    }

    /// `q = a / b`, and `a` becomes the remainder. `a` has `2·count` limbs, its upper half less than `b`;
    /// `q` and `b` have `count` limbs, the highest bit of `b` is set. `scratch` has room for `count`.
    private static func divideTwoByOne(
        _ q: Pointer, _ a: Pointer, _ b: Pointer, _ count: Int, _ scratch: Pointer
    ) {
        if count < recursiveDivisionThreshold {
            return divideByRows(q, a, 2 &* count, b, count)
        }
        let half = count &>> 1
        divideThreeByTwo(q + half, a + half, b, half, scratch)
        divideThreeByTwo(q, a, b, half, scratch)
    }

    /// `q = a / b`, and `a` becomes the remainder. `a` has three halves, its upper two less than `b`,
    /// which has two; `q` has one. `scratch` has room for two.
    private static func divideThreeByTwo(
        _ q: Pointer, _ a: Pointer, _ b: Pointer, _ half: Int, _ scratch: Pointer
    ) {
        let upper = a + half
        var carry: UInt = 0
        if compare(upper + half, b + half, half) < 0 {
            divideTwoByOne(q, upper, b + half, half, scratch)
        } else {
            // The quotient is the largest there is: the rest is `upper - b1·B + b1`.
            q.update(repeating: UInt.max, count: half)
            _ = subtract(upper + half, upper + half, half, b + half, half)
            carry = add(upper, upper, half, b + half, half)
            // What is left above is 0 now: the upper halves were equal.
        }
        multiply(scratch, q, half, b, half)
        // The remainder: `carry`, then the lower two halves of `a`, minus the product.
        let borrow = subtract(a, a, 2 &* half, scratch, 2 &* half)
        while borrow > carry {
            _ = subtract(q, q, half, limb: 1)
            carry &+= add(a, a, 2 &* half, b, 2 &* half)
        }
    }
}
