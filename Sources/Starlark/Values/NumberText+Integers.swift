/// A base of digits from 2 to 36, and how many digits go into a limb.
struct TextBase {
    let base: UInt
    let uppercase: Bool
    /// The most digits whose value always fits a limb.
    let chunkDigits: Int
    /// `base` to the power of `chunkDigits`.
    let chunk: UInt
    private let chunkReciprocal: Reciprocal

    init(_ base: Int, uppercase: Bool) {
        self.base = UInt(bitPattern: base)
        self.uppercase = uppercase
        var (digits, chunk) = (1, self.base)
        while true {
            let (next, overflow) = chunk.multipliedReportingOverflow(by: self.base)
            if overflow { break }
            chunk = next
            digits += 1
        }
        chunkDigits = digits
        self.chunk = chunk
        chunkReciprocal = Reciprocal(chunk)
    }

    /// The bits of a digit, if the base is a power of two.
    var bitsPerDigit: Int? {
        base & (base - 1) == 0 ? base.trailingZeroBitCount : nil
    }

    /// Numbers with fewer limbs are converted chunk by chunk, in quadratic time; measured.
    static let smallCount = 20

    /// Writes exactly `width` digits that end before `end`, with zeros in front. Destroys `limbs`.
    func writeSmall(
        _ limbs: Limbs.Pointer, _ count: Int, before end: UnsafeMutablePointer<UInt8>, width: Int
    ) {
        let start = end - width
        var position = end
        var count = Limbs.trimmed(limbs, count)
        while count > 0 {
            var rest = Limbs.divide(limbs, limbs, count, by: chunkReciprocal)
            count = Limbs.trimmed(limbs, count)
            let chunkStart = max(position - chunkDigits, start)
            if base == 10 {
                let first = NumberText.writeDigits(of: rest, before: position)
                position = first
            } else {
                while rest != 0, position > start {
                    position -= 1
                    position.pointee = NumberText.digit(rest % base, uppercase: uppercase)
                    rest /= base
                }
            }
            while position > chunkStart {
                position -= 1
                position.pointee = UInt8(ascii: "0")
            }
        }
        start.update(repeating: UInt8(ascii: "0"), count: position - start)
    }
}

/// The powers `chunk^(2^level)` of a base: a number of `2^level` chunks and more is split by them.
struct TextPowers {
    let base: TextBase
    private var powers: [[UInt]]

    /// Up to the first whose square has more than `count` limbs.
    init(_ base: TextBase, upTo count: Int) {
        self.base = base
        powers = [[base.chunk]]
        while var last = powers.last, last.count * 2 - 1 <= count {
            var next = [UInt](repeating: 0, count: last.count * 2)
            last.withUnsafeMutableBufferPointer { last in
                next.withUnsafeMutableBufferPointer { next in
                    let limbs = last.baseAddress.unsafelyUnwrapped
                    Limbs.multiply(
                        next.baseAddress.unsafelyUnwrapped, limbs, last.count, limbs, last.count)
                }
            }
            while next.last == 0 { next.removeLast() }
            powers.append(next)
        }
    }

    /// The highest level.
    var top: Int { powers.count - 1 }

    /// The digits that stand below the power of a level.
    func digits(_ level: Int) -> Int { base.chunkDigits << level }

    func withPower<Result>(_ level: Int, _ body: (Limbs.Pointer, Int) -> Result) -> Result {
        powers[level].withUnsafeBufferPointer { power in
            // Read only: the functions on limbs take mutable pointers for operands too.
            body(.init(mutating: power.baseAddress.unsafelyUnwrapped), power.count)
        }
    }

    /// As `TextBase.writeSmall`, for a number less than the square of the power at `level`: divides
    /// by the power and converts quotient and remainder, which takes the time of a few divisions.
    func write(
        _ limbs: Limbs.Pointer, _ count: Int, level: Int,
        before end: UnsafeMutablePointer<UInt8>, width: Int
    ) {
        let count = Limbs.trimmed(limbs, count)
        if count <= TextBase.smallCount || level < 0 {
            return base.writeSmall(limbs, count, before: end, width: width)
        }
        let lowDigits = digits(level)
        withPower(level) { power, powerCount in
            if powerCount < 2 || Limbs.compare(limbs, count, power, powerCount) < 0 {
                return write(limbs, count, level: level - 1, before: end, width: width)
            }
            let quotientCount = count - powerCount + 1
            Limbs.withScratch(quotientCount) { quotient in
                Limbs.divide(quotient, limbs, limbs, count, power, powerCount)
                write(limbs, powerCount, level: level - 1, before: end, width: lowDigits)
                write(
                    quotient, quotientCount, level: level - 1, before: end - lowDigits,
                    width: width - lowDigits)
            }
        }
    }
}

extension ByteBuilder {
    /// Appends an integer in a base from 2 to 36.
    mutating func append(
        _ view: IntegerView, base: Int, uppercase: Bool
    ) throws(Failure) {
        if view.isNegative { try append(UInt8(ascii: "-")) }
        guard view.count > 0 else { return try append(UInt8(ascii: "0")) }
        let base = TextBase(base, uppercase: uppercase)
        if let bits = base.bitsPerDigit {
            return try append(view, bitsPerDigit: bits, uppercase: uppercase)
        }
        let chunkBits = UInt.bitWidth - base.chunk.leadingZeroBitCount - 1
        let width = (view.count * UInt.bitWidth / chunkBits + 1) * base.chunkDigits
        let isSmall = view.count <= TextBase.smallCount
        let powers = TextPowers(base, upTo: isSmall ? 0 : view.count)
        let place = try reserve(width)
        Limbs.withScratch(view.count) { scratch in
            scratch.update(from: view.limbs, count: view.count)
            powers.write(
                scratch, view.count, level: powers.top, before: place + width, width: width)
        }
        var zeros = 0
        while zeros < width - 1, place[zeros] == UInt8(ascii: "0") { zeros += 1 }
        place.update(from: place + zeros, count: width - zeros)
        advance(by: width - zeros)
    }

    private mutating func append(
        _ view: IntegerView, bitsPerDigit bits: Int, uppercase: Bool
    ) throws(Failure) {
        let count = (view.bitCount + bits - 1) / bits
        let place = try reserve(count)
        let mask: UInt = 1 << UInt(bits) - 1
        for index in 0..<count {
            let offset = index * bits
            let (limb, shift) = (offset / UInt.bitWidth, offset % UInt.bitWidth)
            var value = view.limbs[limb] >> shift
            if shift + bits > UInt.bitWidth, limb + 1 < view.count {
                value |= view.limbs[limb + 1] << (UInt.bitWidth - shift)
            }
            place[count - 1 - index] = NumberText.digit(value & mask, uppercase: uppercase)
        }
        advance(by: count)
    }
}
