extension JSONScanner {
    /// The largest integer that every JSON reader keeps exactly: 2^53 - 1 (RFC 7493, 2.2).
    static let largestInteger = (1 << 53) - 1

    package mutating func readInteger() throws(Fault) -> Int {
        let start = offset
        let isNegative = offset < end && text[offset] == UInt8(ascii: "-")
        if isNegative { offset += 1 }
        let first = offset
        var magnitude = 0
        while offset < end, text[offset].isASCIIDigit {
            // Beyond the limit the digits do not matter, and do not overflow.
            if magnitude <= JSONScanner.largestInteger {
                magnitude = magnitude * 10 + Int(text[offset] - UInt8(ascii: "0"))
            }
            offset += 1
        }
        guard offset > first else { throw syntax("a digit is due") }
        guard text[first] != UInt8(ascii: "0") || offset == first + 1 else {
            throw syntax("a number has a leading zero")
        }
        if offset < end, text[offset] == UInt8(ascii: ".") || text[offset] | 0x20 == 0x65 {
            throw fault(
                .wrongType, "the number is not written as an integer",
                hint: "the format has no fractions and no exponents")
        }
        guard magnitude <= JSONScanner.largestInteger, !isNegative || magnitude > 0 else {
            offset = start
            throw fault(
                .limit, "the number is out of range",
                hint: "numbers are integers from -(2^53 - 1) to 2^53 - 1")
        }
        return isNegative ? -magnitude : magnitude
    }

    /// Passes one value, whatever it is, checking its syntax; duplicate keys in it go unnoticed.
    ///
    /// Without recursion, and with one bit a level, so that depth costs nothing.
    package mutating func skipValue() throws(Fault) {
        /// For each open array or object whether it is an object.
        var open: [Bool] = []
        repeat {
            var isDue = true
            if let isObject = open.last {
                isDue = isObject ? try nextSkippedKey() : try nextElement()
            }
            guard isDue else {
                open.removeLast()
                continue
            }
            switch try peek() {
            case .object:
                try beginObject()
                open.append(true)
            case .array:
                try beginArray()
                open.append(false)
            case .string: _ = try passString()
            case .number: _ = try readInteger()
            case .boolean: _ = try readBoolean()
            case .null: try readNull()
            }
        } while !open.isEmpty
    }

    private mutating func nextSkippedKey() throws(Fault) -> Bool {
        try nextKey() != nil
    }
}
