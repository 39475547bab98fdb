extension NumberText {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    /// The integer that a text denotes as the function `int` has it, or nil: an optional sign, then
    /// digits of the base, which may be 2 to 36.
    ///
    /// A prefix `0b`, `0o` or `0x` is skipped if it is that of the base. With base 0 the prefix
    /// tells the base, which is 10 without one; then a number may not begin with 0 unless it is 0.
    static func parseInt(
        _ text: Bytes, base: Int = 10, in arena: Arena
    ) throws(Failure) -> Value? {
        var rest = text[...]
        var isNegative = false
        if let first = rest.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            isNegative = first == UInt8(ascii: "-")
            rest = rest.dropFirst()
        }
        var base = base
        if rest.count > 1, rest[rest.startIndex] == UInt8(ascii: "0") {
            let prefixed = rest.count > 2 ? prefixBase(rest[rest.startIndex + 1]) : nil
            if let prefixed {
                if base == 0 || base == prefixed {
                    base = prefixed
                    rest = rest.dropFirst(2)
                }
            } else if base == 0 {
                return rest.allSatisfy { $0 == UInt8(ascii: "0") } ? Value(smallInt: 0) : nil
            }
        }
        return try parseDigits(
            Bytes(rebasing: rest), base: base == 0 ? 10 : base, isNegative: isNegative, in: arena)
    }

    /// The integer of a literal: digits, or a prefix `0b`, `0o` or `0x` and digits.
    static func parseLiteral(_ text: Bytes, in arena: Arena) throws(Failure) -> Value? {
        try parseInt(text, base: 0, in: arena)
    }

    private static func prefixBase(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "b"), UInt8(ascii: "B"): 2
        case UInt8(ascii: "o"), UInt8(ascii: "O"): 8
        case UInt8(ascii: "x"), UInt8(ascii: "X"): 16
        default: nil
        }
    }

    /// The integer that digits of a base from 2 to 36 denote, or nil if there are none or others.
    static func parseDigits(
        _ digits: Bytes, base: Int, isNegative: Bool, in arena: Arena
    ) throws(Failure) -> Value? {
        guard digits.count > 0 else { return nil }
        let radix = UInt(bitPattern: base)
        var small: UInt = 0
        var overflow = false
        for byte in digits {
            let digit = value(ofDigit: byte)
            if digit >= radix { return nil }
            let (high, low) = Limbs.multiplyAdd(small, radix, digit, 0)
            small = low
            if high != 0 { overflow = true }
        }
        if overflow {
            return try parseBig(digits, TextBase(base, uppercase: false), isNegative, in: arena)
        }
        let result = try arena.makeLimbs(1)
        result.limbs[0] = small
        return arena.finish(result, count: 1, isNegative: isNegative)
    }

    private static func parseBig(
        _ digits: Bytes, _ base: TextBase, _ isNegative: Bool, in arena: Arena
    ) throws(Failure) -> Value {
        let significant = Bytes(rebasing: digits.drop { $0 == UInt8(ascii: "0") })
        let bitsPerChunk = UInt.bitWidth - base.chunk.leadingZeroBitCount
        let (chunks, rest) = significant.count.quotientAndRemainder(dividingBy: base.chunkDigits)
        // `bitsPerChunk` is rounded up, and so are the chunks.
        let count = (chunks + (rest > 0 ? 1 : 0)) * bitsPerChunk / UInt.bitWidth + 1
        let result = try arena.makeLimbs(count)
        if let bits = base.bitsPerDigit {
            read(significant, bitsPerDigit: bits, into: result.limbs, count)
        } else {
            let isSmall = significant.count <= base.chunkDigits * TextBase.smallChunks
            let powers = TextPowers(base, upTo: isSmall ? 0 : count)
            let used = powers.read(significant, into: result.limbs)
            (result.limbs + used).update(repeating: 0, count: count - used)
        }
        return arena.finish(result, count: count, isNegative: isNegative)
    }

    private static func read(
        _ digits: Bytes, bitsPerDigit bits: Int, into limbs: Limbs.Pointer, _ count: Int
    ) {
        limbs.update(repeating: 0, count: count)
        for (position, byte) in digits.reversed().enumerated() {
            let digit = value(ofDigit: byte)
            let (limb, shift) = (position * bits).quotientAndRemainder(dividingBy: UInt.bitWidth)
            limbs[limb] |= digit << UInt(shift)
            if shift + bits > UInt.bitWidth { limbs[limb + 1] |= digit >> (UInt.bitWidth - shift) }
        }
    }
}

extension TextBase {
    /// Texts with fewer chunks are read chunk by chunk, in quadratic time; measured.
    static let smallChunks = 100

    /// Reads digits into `limbs`, which has room for their value. Returns the number of limbs used.
    fileprivate func readSmall(_ digits: NumberText.Bytes, into limbs: Limbs.Pointer) -> Int {
        var count = 0
        var position = 0
        // The first chunk is what is left over by whole ones.
        var end = digits.count % chunkDigits
        if end == 0 { end = chunkDigits }
        while position < digits.count {
            var value: UInt = 0
            for index in position..<end {
                value = value &* base &+ NumberText.value(ofDigit: digits[index])
            }
            let carry = Limbs.multiply(limbs, limbs, count, by: chunk, carry: value)
            if carry != 0 {
                limbs[count] = carry
                count += 1
            }
            position = end
            end += chunkDigits
        }
        return count
    }
}

extension TextPowers {
    /// Reads digits into `limbs`, which has room for their value. Returns the number of limbs used.
    ///
    /// A long text is split below one of the powers: `high * power + low`.
    fileprivate func read(_ digits: NumberText.Bytes, into limbs: Limbs.Pointer) -> Int {
        if digits.count <= base.chunkDigits * TextBase.smallChunks {
            return base.readSmall(digits, into: limbs)
        }
        var level = top
        while level > 0, self.digits(level) >= digits.count { level -= 1 }
        let lowDigits = self.digits(level)
        let split = digits.count - lowDigits
        let high = NumberText.Bytes(rebasing: digits[..<split])
        let low = NumberText.Bytes(rebasing: digits[split...])
        return withPower(level) { power, powerCount in
            Limbs.withScratch(highCount(high.count)) { scratch in
                let highCount = read(high, into: scratch)
                let lowCount = read(low, into: limbs)
                if highCount == 0 { return lowCount }
                return Limbs.withScratch(highCount + powerCount) { product in
                    Limbs.multiply(product, scratch, highCount, power, powerCount)
                    let count = Limbs.trimmed(product, highCount + powerCount)
                    // The low digits are worth less than the power: they have no more limbs.
                    let carry = Limbs.add(limbs, product, count, limbs, lowCount)
                    if carry != 0 { limbs[count] = carry }
                    return carry != 0 ? count + 1 : count
                }
            }
        }
    }

    /// The limbs that a number of so many digits has at most.
    private func highCount(_ digits: Int) -> Int {
        let bitsPerChunk = UInt.bitWidth - base.chunk.leadingZeroBitCount
        return (digits / base.chunkDigits + 1) * bitsPerChunk / UInt.bitWidth + 1
    }
}
