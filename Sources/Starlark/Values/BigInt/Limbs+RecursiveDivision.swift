/// Division in less than quadratic time, after Burnikel and Ziegler, "Fast recursive division"
/// (1998).
///
/// A quotient of `k` limbs depends mostly on the upper `2·k` limbs of the dividend and the upper
/// `k` of the divisor. So divide those first; multiplying the quotient by the rest of the divisor,
/// which Karatsuba's method makes cheap, then gives the remainder, and the quotient is at most 2
/// too large. A quotient as long as the divisor is computed in two halves.
extension Limbs {
    /// Replaces `a` by the remainder of `a / b`; the limbs of the quotient go to `q`. As
    /// `divideByRows`, but the quotient is needed too.
    static func divideRecursively(
        _ q: Pointer, _ a: Pointer, _ aCount: Int, _ b: Pointer, _ bCount: Int
    ) {
        withScratch(bCount) { scratch in
            // What is more than whole pieces of the divisor's length comes first, at the top.
            var offset = aCount &- bCount
            var piece = offset % bCount
            while offset > 0 {
                if piece == 0 { piece = bCount }
                offset &-= piece
                divideRecursively(q + offset, a + offset, b, bCount, piece, scratch)
                piece = bCount
            }
        }
    }

    /// As above, for a quotient of `k` limbs, not more than `b` has: `a` has `bCount + k`.
    /// `scratch` has room for `bCount` limbs.
    private static func divideRecursively(
        _ q: Pointer, _ a: Pointer, _ b: Pointer, _ bCount: Int, _ k: Int, _ scratch: Pointer
    ) {
        if k < recursiveDivisionThreshold {
            return divideByRows(q, a, bCount &+ k, b, bCount)
        }
        if k == bCount {
            let low = k &- k / 2
            divideRecursively(q + low, a + low, b, bCount, k / 2, scratch)
            return divideRecursively(q, a, b, bCount, low, scratch)
        }
        let rest = bCount &- k
        let (upperA, upperB) = (a + rest, b + rest)
        var carry: UInt = 0
        if compare(upperA + k, upperB, k) < 0 {
            divideRecursively(q, upperA, upperB, k, k, scratch)
        } else {
            // They are equal, as `a` is less than `b` up there. The quotient is the largest there
            // is, and what remains of `upperA` is its lower half plus `upperB`.
            q.update(repeating: UInt.max, count: k)
            (upperA + k).update(repeating: 0, count: k)
            carry = add(upperA, upperA, k, upperB, k)
        }
        multiply(scratch, q, k, b, rest)
        let borrow = subtract(a, a, bCount, scratch, bCount)
        while borrow > carry {
            _ = subtract(q, q, k, limb: 1)
            carry &+= add(a, a, bCount, b, bCount)
        }
    }
}
