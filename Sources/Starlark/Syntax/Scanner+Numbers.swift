extension Scanner {
    @inline(__always)
    func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    /// The largest value of an `int` token; greater ones are `bigInt`.
    static let maximumSmallInt: UInt64 = 1 << 62 - 1

    /// A number that starts at `position` with a digit, or with a dot before a digit.
    ///
    /// Mistakes are reported and the token delivered all the same: the statement is sound
    /// otherwise.
    @inline(never)
    mutating func scanNumber() {
        tokenStart = position
        if base[position] == UInt8(ascii: "0") {
            switch byte(at: position &+ 1) | 0x20 {
            case UInt8(ascii: "x"): return scanRadix(16, name: "hex")
            case UInt8(ascii: "o"): return scanRadix(8, name: "octal")
            case UInt8(ascii: "b"): return scanRadix(2, name: "binary")
            default: break
            }
        }
        var offset = position
        var value: UInt64 = 0
        while isDigit(byte(at: offset)) {
            value = value &* 10 &+ UInt64(base[offset] &- UInt8(ascii: "0"))
            offset &+= 1
        }
        let next = byte(at: offset)
        if next == UInt8(ascii: ".") || next | 0x20 == UInt8(ascii: "e") {
            return scanFloat(integerEnd: offset)
        }
        position = offset
        if base[tokenStart] == UInt8(ascii: "0") && offset &- tokenStart > 1 {
            refuseLeadingZero()
        }
        // 18 digits can't overflow 64 bits, and are less than 2^62.
        if offset &- tokenStart <= 18 {
            finishInt(value)
        } else {
            finishLongInt(radix: 10, digits: tokenStart)
        }
    }

    @inline(__always)
    private mutating func finishInt(_ magnitude: UInt64) {
        token = .int
        value = UInt32(truncatingIfNeeded: magnitude)
        valueHigh = UInt32(truncatingIfNeeded: magnitude >> 32)
    }

    /// A literal whose digits start at an offset and end at `position`.
    private mutating func finishLongInt(radix: UInt64, digits: Int) {
        var magnitude: UInt64 = 0
        for offset in digits..<position {
            let byte = base[offset]
            let digit = UInt64(isDigit(byte) ? byte & 15 : (byte | 0x20) &- 87)
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: radix)
            // Neither a product beyond the limit nor the sum with it may wrap around unseen.
            magnitude = overflow || product > Scanner.maximumSmallInt ? .max : product + digit
            if magnitude > Scanner.maximumSmallInt {
                token = .bigInt
                value = symbols.intern(base + tokenStart, count: position &- tokenStart)
                return
            }
        }
        finishInt(magnitude)
    }

    private mutating func scanRadix(_ radix: UInt64, name: String) {
        var offset = position &+ 2
        while isDigit(byte(at: offset), radix: radix) { offset &+= 1 }
        if offset &- tokenStart == 2 {
            // What was meant as digits is part of the mistake, not the next token.
            while isDigit(byte(at: offset)) || isLetter(byte(at: offset)) { offset &+= 1 }
            position = offset
            report.add("invalid \(name) literal", tokenStart..<offset)
            return finishInt(0)
        }
        position = offset
        finishLongInt(radix: radix, digits: tokenStart &+ 2)
    }

    private func isLetter(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }

    private func isDigit(_ byte: UInt8, radix: UInt64) -> Bool {
        if isDigit(byte) { return UInt64(byte & 15) < radix }
        let letter = byte | 0x20
        return radix == 16 && letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "f")
    }

    /// Zeros alone are zero, but in front of other digits they once meant octal.
    private mutating func refuseLeadingZero() {
        let digits = tokenStart..<position
        guard digits.contains(where: { base[$0] != UInt8(ascii: "0") }) else { return }
        guard digits.allSatisfy({ base[$0] < UInt8(ascii: "8") }) else {
            report.add("invalid int literal", digits, hint: "drop the leading zeros")
            return
        }
        // A literal of a megabyte shall not make a message of that size.
        let shown = text(tokenStart + 1..<min(position, tokenStart + 40))
        report.add("obsolete form of octal literal; use 0o\(shown)", digits)
    }

    // MARK: Floats

    /// A float whose digits before the dot or the exponent end at an offset.
    private mutating func scanFloat(integerEnd: Int) {
        var offset = integerEnd
        if byte(at: offset) == UInt8(ascii: ".") {
            offset &+= 1
            while isDigit(byte(at: offset)) { offset &+= 1 }
        }
        if byte(at: offset) | 0x20 == UInt8(ascii: "e") {
            offset &+= 1
            if byte(at: offset) == UInt8(ascii: "+") || byte(at: offset) == UInt8(ascii: "-") {
                offset &+= 1
            }
            let digits = offset
            while isDigit(byte(at: offset)) { offset &+= 1 }
            if offset == digits {
                report.add(
                    "invalid float literal", tokenStart..<offset,
                    hint: "an exponent needs at least one digit")
                position = offset
                return finishFloat(0)
            }
        }
        position = offset
        // Numbers like `1.` and `.5` become `01.0` and `0.50`, which the library is sure to read.
        let integer = text(tokenStart..<integerEnd)
        let number = Double(normalized("0" + integer + text(integerEnd..<offset)))
        guard let number, number.isFinite else {
            report.add(
                "floating-point literal too large", tokenStart..<offset,
                hint: "the largest float is about 1.8e308")
            return finishFloat(0)
        }
        finishFloat(number)
    }

    /// Puts a zero behind a dot that no digit follows.
    private func normalized(_ text: String) -> String {
        var bytes = Array(text.utf8)
        if let dot = bytes.firstIndex(of: UInt8(ascii: ".")),
            dot + 1 == bytes.count || !isDigit(bytes[dot + 1])
        {
            bytes.insert(UInt8(ascii: "0"), at: dot + 1)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func finishFloat(_ number: Double) {
        token = .float
        value = UInt32(truncatingIfNeeded: number.bitPattern)
        valueHigh = UInt32(truncatingIfNeeded: number.bitPattern >> 32)
    }

    func text(_ range: Range<Int>) -> String {
        String(
            decoding: UnsafeBufferPointer(start: base + range.lowerBound, count: range.count),
            as: UTF8.self)
    }
}
