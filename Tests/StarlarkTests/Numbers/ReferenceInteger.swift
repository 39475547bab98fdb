@testable import Starlark

/// An integer of any size, as simple and slow as can be: the oracle for `BigInt`.
///
/// Magnitudes are decimal-free arrays of 16-bit digits, least significant first, without zeros at
/// the end.
struct ReferenceInteger: Equatable {
    var digits: [UInt32]
    var isNegative: Bool

    init(digits: [UInt32], isNegative: Bool) {
        var digits = digits
        while digits.last == 0 { digits.removeLast() }
        self.digits = digits
        self.isNegative = isNegative && !digits.isEmpty
    }

    init(_ int: Int) {
        let magnitude = int.magnitude
        self.init(
            digits: (0..<4).map { UInt32(magnitude >> (UInt($0) * 16) & 0xffff) },
            isNegative: int < 0)
    }

    /// The number that a value of the language stands for.
    init(_ value: Value) {
        self = value.withIntegerView { view in
            var digits: [UInt32] = []
            for index in 0..<view.count {
                for part in 0..<4 {
                    digits.append(UInt32(view.limbs[index] >> (UInt(part) * 16) & 0xffff))
                }
            }
            return ReferenceInteger(digits: digits, isNegative: view.isNegative)
        }
    }

    /// The number as a value of the language.
    func value(in arena: Arena) throws -> Value {
        let count = max((digits.count + 3) / 4, 1)
        let object = try arena.makeLimbs(count)
        object.limbs.update(repeating: 0, count: count)
        for (index, digit) in digits.enumerated() {
            object.limbs[index / 4] |= UInt(digit) << (UInt(index % 4) * 16)
        }
        return arena.finish(object, count: count, isNegative: isNegative)
    }

    static func compareMagnitudes(_ a: [UInt32], _ b: [UInt32]) -> Int {
        if a.count != b.count { return a.count - b.count }
        for index in a.indices.reversed() where a[index] != b[index] {
            return a[index] < b[index] ? -1 : 1
        }
        return 0
    }

    static func addMagnitudes(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
        var result: [UInt32] = []
        var carry: UInt32 = 0
        for index in 0...max(a.count, b.count) {
            let sum = (index < a.count ? a[index] : 0) + (index < b.count ? b[index] : 0) + carry
            result.append(sum & 0xffff)
            carry = sum >> 16
        }
        return result
    }

    /// `a` is not less than `b`.
    static func subtractMagnitudes(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
        var result: [UInt32] = []
        var borrow: UInt32 = 0
        for index in a.indices {
            let subtrahend = (index < b.count ? b[index] : 0) + borrow
            borrow = a[index] < subtrahend ? 1 : 0
            result.append(a[index] &+ borrow << 16 &- subtrahend)
        }
        return result
    }

    static prefix func - (x: ReferenceInteger) -> ReferenceInteger {
        ReferenceInteger(digits: x.digits, isNegative: !x.isNegative)
    }

    static func + (x: ReferenceInteger, y: ReferenceInteger) -> ReferenceInteger {
        if x.isNegative == y.isNegative {
            return ReferenceInteger(
                digits: addMagnitudes(x.digits, y.digits), isNegative: x.isNegative)
        }
        if compareMagnitudes(x.digits, y.digits) >= 0 {
            return ReferenceInteger(
                digits: subtractMagnitudes(x.digits, y.digits), isNegative: x.isNegative)
        }
        return ReferenceInteger(
            digits: subtractMagnitudes(y.digits, x.digits), isNegative: y.isNegative)
    }

    static func - (x: ReferenceInteger, y: ReferenceInteger) -> ReferenceInteger { x + -y }

    static func * (x: ReferenceInteger, y: ReferenceInteger) -> ReferenceInteger {
        var digits = [UInt32](repeating: 0, count: x.digits.count + y.digits.count + 1)
        for (i, a) in x.digits.enumerated() {
            var carry: UInt32 = 0
            for (j, b) in y.digits.enumerated() {
                let sum = UInt64(a) * UInt64(b) + UInt64(digits[i + j]) + UInt64(carry)
                digits[i + j] = UInt32(sum & 0xffff)
                carry = UInt32(sum >> 16)
            }
            digits[i + y.digits.count] = carry
        }
        return ReferenceInteger(digits: digits, isNegative: x.isNegative != y.isNegative)
    }

    /// Floored division, bit by bit.
    func floorDivided(by y: ReferenceInteger) -> (
        quotient: ReferenceInteger, rest: ReferenceInteger
    ) {
        var rest: [UInt32] = []
        var quotient = [UInt32](repeating: 0, count: digits.count)
        for bit in stride(from: digits.count * 16 - 1, through: 0, by: -1) {
            rest = ReferenceInteger.addMagnitudes(rest, rest)
            rest[0] |= digits[bit / 16] >> (bit % 16) & 1
            while rest.last == 0 { rest.removeLast() }
            if ReferenceInteger.compareMagnitudes(rest, y.digits) >= 0 {
                rest = ReferenceInteger.subtractMagnitudes(rest, y.digits)
                while rest.last == 0 { rest.removeLast() }
                quotient[bit / 16] |= 1 << (bit % 16)
            }
        }
        var result = ReferenceInteger(digits: quotient, isNegative: isNegative != y.isNegative)
        var remainder = ReferenceInteger(digits: rest, isNegative: isNegative)
        if isNegative != y.isNegative, !remainder.digits.isEmpty {
            result = -(-result + ReferenceInteger(1))
            if result.digits.isEmpty { result = ReferenceInteger(-1) }
            remainder = remainder + y
        }
        return (result, remainder)
    }

    /// Two's complement in so many digits.
    private func complement(_ count: Int) -> [UInt32] {
        let padded = digits + [UInt32](repeating: 0, count: count - digits.count)
        guard isNegative else { return padded }
        let inverted = padded.map { ~$0 & 0xffff }
        return Array(ReferenceInteger.addMagnitudes(inverted, [1]).prefix(count))
    }

    static func bitwise(
        _ x: ReferenceInteger, _ y: ReferenceInteger, _ operation: (UInt32, UInt32) -> UInt32
    ) -> ReferenceInteger {
        let count = max(x.digits.count, y.digits.count) + 2
        let result = zip(x.complement(count), y.complement(count)).map {
            operation($0, $1) & 0xffff
        }
        guard result[count - 1] >> 15 == 1 else {
            return ReferenceInteger(digits: result, isNegative: false)
        }
        let magnitude = addMagnitudes(result.map { ~$0 & 0xffff }, [1]).prefix(count)
        return ReferenceInteger(digits: Array(magnitude), isNegative: true)
    }

    static func powerOf2(_ exponent: Int) -> ReferenceInteger {
        var digits = [UInt32](repeating: 0, count: exponent / 16 + 1)
        digits[exponent / 16] = 1 << (exponent % 16)
        return ReferenceInteger(digits: digits, isNegative: false)
    }

    /// Digits of a base up to 36, one after the other.
    func text(base: UInt32) -> String {
        var text: [Character] = []
        var rest = digits
        while !rest.isEmpty {
            var remainder: UInt32 = 0
            for index in rest.indices.reversed() {
                let value = remainder << 16 | rest[index]
                rest[index] = value / base
                remainder = value % base
            }
            while rest.last == 0 { rest.removeLast() }
            text.append(Character(String(remainder, radix: 36)))
        }
        if text.isEmpty { text = ["0"] }
        return (isNegative ? "-" : "") + String(text.reversed())
    }
}
