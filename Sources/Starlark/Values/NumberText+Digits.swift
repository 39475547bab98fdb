/// The fewest decimal digits that denote a finite positive number and no other.
struct ShortestDigits {
    /// Seventeen digits are enough for any float.
    private var digits = InlineArray<24, UInt8>(repeating: 0)
    private var count = 0
    /// The number is 0.DIGITS times ten to this power.
    private(set) var pointPosition = 0

    /// The standard library finds the digits; they are read from its text, whatever form that has.
    init(_ number: Double) {
        var text = number.description
        text.withUTF8 { read($0) }
    }

    private mutating func read(_ text: UnsafeBufferPointer<UInt8>) {
        var index = 0
        var sawPoint = false
        while index < text.count {
            let byte = text[index]
            index += 1
            if byte == UInt8(ascii: ".") {
                sawPoint = true
            } else if NumberText.isDigit(byte) {
                // Zeros in front are no digits, but after the point they move it.
                if byte == UInt8(ascii: "0") && count == 0 {
                    if sawPoint { pointPosition -= 1 }
                    continue
                }
                if count < digits.count {
                    digits[count] = byte
                    count += 1
                }
                if !sawPoint { pointPosition += 1 }
            } else {
                break
            }
        }
        while count > 0, digits[count - 1] == UInt8(ascii: "0") { count -= 1 }
        if index < text.count { pointPosition += exponent(text[index...]) }
    }

    /// A sign and digits.
    private func exponent(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        var exponent = 0
        for byte in text where NumberText.isDigit(byte) {
            exponent = exponent * 10 + Int(NumberText.value(ofDigit: byte))
        }
        return text.first == UInt8(ascii: "-") ? -exponent : exponent
    }

    func withBytes<Result>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try digits.span.withUnsafeBufferPointer { (buffer) throws(Failure) -> Result in
            try body(UnsafeBufferPointer(rebasing: buffer[..<count]))
        }
    }
}

extension NumberText {
    /// The first seven significant digits of a finite number that is not negative, rounded to the
    /// nearest, ties to even; the first digit is worth ten to the power of `exponent`.
    static func sevenDigits(of number: Double) -> (digits: Int, exponent: Int) {
        if number == 0 { return (0, 0) }
        // The shortest digits give the exponent, and the answer too unless there are more than
        // seven.
        let shortest = ShortestDigits(number)
        var exponent = shortest.pointPosition - 1
        var digits = scaled(number, byTenTo: 6 - exponent)
        if digits >= 10_000_000 {
            exponent += 1
            digits = scaled(number, byTenTo: 6 - exponent)
        } else if digits < 1_000_000 {
            exponent -= 1
            digits = scaled(number, byTenTo: 6 - exponent)
        }
        return (digits, exponent)
    }

    /// The product of a number and a power of ten, below 2^53, rounded to the nearest, ties to
    /// even.
    ///
    /// Exact: numerator and denominator as whole numbers of up to 1,200 bits.
    private static func scaled(_ number: Double, byTenTo power: Int) -> Int {
        let exponent = number.isNormal ? Int(number.exponent) : Double.leastNormalMagnitude.exponent
        let bits = UInt(number.significandBitPattern)
        let significand = number.isNormal ? bits | 1 << 52 : bits
        let binary = exponent - 52
        return Limbs.withScratch(4 * fractionLimbs) { scratch in
            var numerator = WideNumber(scratch, significand)
            var denominator = WideNumber(scratch + fractionLimbs, 1)
            numerator.multiply(byTenTo: max(power, 0))
            denominator.multiply(byTenTo: max(-power, 0))
            numerator.shiftLeft(max(binary, 0))
            denominator.shiftLeft(max(-binary, 0))
            return numerator.roundedQuotient(
                denominator, scratch: scratch + 2 * fractionLimbs)
        }
    }

    /// Limbs of the largest numerator or denominator: 10^346 or 2^1074 with room.
    fileprivate static let fractionLimbs = 24
}

/// A number of up to `fractionLimbs` limbs in memory of its own.
private struct WideNumber {
    let limbs: Limbs.Pointer
    private(set) var count: Int

    /// `value` is not 0.
    init(_ limbs: Limbs.Pointer, _ value: UInt) {
        self.limbs = limbs
        limbs[0] = value
        count = 1
    }

    mutating func multiply(byTenTo power: Int) {
        var power = power
        while power > 0 {
            let step = min(power, 19)
            var factor: UInt = 1
            for _ in 0..<step { factor *= 10 }
            let carry = Limbs.multiply(limbs, limbs, count, by: factor)
            if carry != 0 {
                limbs[count] = carry
                count += 1
            }
            power -= step
        }
    }

    mutating func shiftLeft(_ bits: Int) {
        let whole = bits / UInt.bitWidth
        limbs[count] = 0
        limbs[count] = Limbs.shiftLeft(limbs, limbs, count, bits: bits % UInt.bitWidth)
        var index = count
        while index >= 0 {
            limbs[index + whole] = limbs[index]
            index -= 1
        }
        limbs.update(repeating: 0, count: whole)
        count = Limbs.trimmed(limbs, count + whole + 1)
    }

    /// The quotient, which fits 53 bits, rounded to the nearest, ties to even.
    func roundedQuotient(_ divisor: WideNumber, scratch: Limbs.Pointer) -> Int {
        // Long division by bits would do; but all numbers here have a quotient of one limb or two.
        if Limbs.compare(limbs, count, divisor.limbs, divisor.count) < 0 {
            return roundUp(0, limbs, count, divisor, scratch: scratch) ? 1 : 0
        }
        let remainder = scratch
        let quotient = scratch + divisor.count
        if divisor.count == 1 {
            remainder[0] = Limbs.divide(quotient, limbs, count, by: Reciprocal(divisor.limbs[0]))
        } else {
            Limbs.divide(quotient, remainder, limbs, count, divisor.limbs, divisor.count)
        }
        let result = quotient[0]
        let remainderCount = Limbs.trimmed(remainder, divisor.count)
        let up = roundUp(
            result, remainder, remainderCount, divisor, scratch: scratch + divisor.count)
        return Int(bitPattern: result) + (up ? 1 : 0)
    }

    /// Whether twice the remainder is more than the divisor, or equal and the quotient odd.
    private func roundUp(
        _ quotient: UInt, _ remainder: Limbs.Pointer, _ count: Int, _ divisor: WideNumber,
        scratch: Limbs.Pointer
    ) -> Bool {
        scratch[count] = Limbs.shiftLeft(scratch, remainder, count, bits: 1)
        let order = Limbs.compare(
            scratch, Limbs.trimmed(scratch, count + 1), divisor.limbs, divisor.count)
        return order > 0 || (order == 0 && quotient & 1 == 1)
    }
}
