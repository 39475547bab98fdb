extension NumberText {
    enum ParsedFloat {
        case number(Double)
        /// The text denotes a number beyond the largest finite float.
        case tooLarge
        case invalid
    }

    /// The float that a text denotes as the function `float` has it: a decimal number with an
    /// optional sign, or `inf`, `infinity` or `nan` in any case with an optional sign.
    static func parseFloat(_ text: Bytes) -> ParsedFloat {
        var rest = text[...]
        var isNegative = false
        if let first = rest.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            isNegative = first == UInt8(ascii: "-")
            rest = rest.dropFirst()
        }
        if let first = rest.first, !isDigit(first), first != UInt8(ascii: ".") {
            guard let named = namedFloat(rest) else { return .invalid }
            return .number(isNegative ? -named : named)
        }
        let parsed = parseDecimal(Bytes(rebasing: rest))
        guard case .number(let magnitude) = parsed, isNegative else { return parsed }
        return .number(-magnitude)
    }

    private static func namedFloat(_ name: Slice<Bytes>) -> Double? {
        if name.equals(lowercase: "nan") { return .nan }
        return name.equals(lowercase: "inf") || name.equals(lowercase: "infinity") ? .infinity : nil
    }

    /// The float that a literal denotes: digits with a point or an exponent or neither; no sign.
    /// There is at least one digit before or after the point.
    static func parseDecimal(_ text: Bytes) -> ParsedFloat {
        var scanner = DecimalScanner()
        guard scanner.scan(text) else { return .invalid }
        if let exact = scanner.exactValue { return .number(exact) }
        // The standard library rounds correctly; what it is given was checked to be plain ASCII.
        guard let number = Double(String(decoding: text, as: UTF8.self)) else { return .invalid }
        return number.isInfinite ? .tooLarge : .number(number)
    }
}

extension Slice where Base == NumberText.Bytes {
    fileprivate func equals(lowercase name: StaticString) -> Bool {
        guard count == name.utf8CodeUnitCount else { return false }
        return zip(self, 0..<count).allSatisfy { $0 | 0x20 == name.utf8Start[$1] }
    }
}

/// Reads the form of a decimal number, and its value where that is easy.
private struct DecimalScanner {
    /// The digits, the point left out; meaningless when there are too many.
    private var significand: UInt = 0
    private var significantDigits = 0
    private var exponent = 0

    /// Whether the whole text is a decimal number.
    mutating func scan(_ text: NumberText.Bytes) -> Bool {
        var index = 0
        var digits = readDigits(text, &index)
        if index < text.count, text[index] == UInt8(ascii: ".") {
            index += 1
            let fraction = readDigits(text, &index)
            exponent = -fraction
            digits += fraction
        }
        guard digits > 0 else { return false }
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            guard readExponent(text, &index) else { return false }
        }
        return index == text.count
    }

    /// The number of digits read.
    private mutating func readDigits(_ text: NumberText.Bytes, _ index: inout Int) -> Int {
        let start = index
        while index < text.count, NumberText.isDigit(text[index]) {
            if significantDigits > 0 || text[index] != UInt8(ascii: "0") { significantDigits += 1 }
            significand = significand &* 10 &+ NumberText.value(ofDigit: text[index])
            index += 1
        }
        return index - start
    }

    private mutating func readExponent(_ text: NumberText.Bytes, _ index: inout Int) -> Bool {
        var isNegative = false
        if index < text.count,
            text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+")
        {
            isNegative = text[index] == UInt8(ascii: "-")
            index += 1
        }
        let start = index
        var value = 0
        while index < text.count, NumberText.isDigit(text[index]) {
            // Beyond this any number is 0 or too large.
            value = min(value * 10 + Int(NumberText.value(ofDigit: text[index])), 1 << 32)
            index += 1
        }
        exponent += isNegative ? -value : value
        return index > start
    }

    /// The value, if digits and power of ten are both exact as floats: then one operation rounds
    /// correctly.
    var exactValue: Double? {
        guard significantDigits <= 19, significand <= 1 << 53 else { return nil }
        let digits = Double(significand)
        if exponent == 0 || significand == 0 { return digits }
        guard abs(exponent) < DecimalScanner.powers.count else { return nil }
        let power = DecimalScanner.powers[abs(exponent)]
        return exponent < 0 ? digits / power : digits * power
    }

    /// The powers of ten that floats hold exactly.
    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]
}
