import Testing

@testable import Starlark

/// The quick methods for long numbers against the plain ones.
@Suite struct LimbsTests {
    @Test(arguments: BigIntTests.seeds)
    func `long products agree with the school's`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<40 {
            let aCount = 1 + Int(random.next() % 400)
            let bCount = 1 + Int(random.next() % 400)
            var (a, b) = (random.limbs(aCount), random.limbs(bCount))
            var product = [UInt](repeating: 7, count: aCount + bCount)
            var expected = product
            Limbs.multiply(&product, &a, aCount, &b, bCount)
            Limbs.multiplyByRows(&expected, &a, aCount, &b, bCount)
            #expect(product == expected, "seed \(seed), \(aCount) times \(bCount)")
        }
    }

    @Test(arguments: BigIntTests.seeds)
    func `squares agree with products`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<40 {
            let count = 1 + Int(random.next() % 300)
            var a = random.limbs(count)
            var square = [UInt](repeating: 7, count: 2 * count)
            var expected = square
            a.withUnsafeMutableBufferPointer { a in
                guard let a = a.baseAddress else { return }
                Limbs.multiply(&square, a, count, a, count)
                Limbs.multiplyByRows(&expected, a, count, a, count)
            }
            #expect(square == expected, "seed \(seed), \(count)")
        }
    }

    @Test(arguments: BigIntTests.seeds)
    func `quotient times divisor plus remainder is the dividend`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<60 {
            let bCount = 2 + Int(random.next() % 300)
            let aCount = bCount + Int(random.next() % 700)
            var (a, b) = (random.limbs(aCount), random.limbs(bCount))
            if b[bCount - 1] == 0 { b[bCount - 1] = 1 << (random.next() % 64) }
            let quotientCount = aCount - bCount + 1
            var quotient = [UInt](repeating: 7, count: quotientCount)
            var rest = [UInt](repeating: 7, count: bCount)
            Limbs.divide(&quotient, &rest, &a, aCount, &b, bCount)
            #expect(Limbs.compare(&rest, &b, bCount) < 0, "seed \(seed), \(aCount) by \(bCount)")
            var back = [UInt](repeating: 0, count: aCount + 1)
            Limbs.multiplyByRows(&back, &quotient, quotientCount, &b, bCount)
            var sum = back
            _ = Limbs.add(&sum, &back, aCount + 1, &rest, bCount)
            #expect(sum == a + [0], "seed \(seed), \(aCount) by \(bCount)")
        }
    }

    @Test(arguments: BigIntTests.seeds)
    func `reciprocals divide as the machine does`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<2000 {
            let words = random.limbs(2)
            guard words[0] != 0 else { continue }
            let reciprocal = Reciprocal(words[0])
            let high = words[1] % reciprocal.divisor
            let low = random.limbs(1)[0]
            let expected = reciprocal.divisor.dividingFullWidth((high, low))
            let result = reciprocal.divide(high, low)
            #expect(result == expected, "seed \(seed)")
        }
    }
}
