extension JSONScanner {
    /// The largest integer that every JSON reader keeps exactly: 2^53 - 1 (RFC 7493, 2.2).
    static let largestInteger = (1 << 53) - 1

    mutating func readInteger() throws(Fault) -> Int {
        let start = offset
        try passNumber()
        let digits = text[start..<offset]
        guard let number = Int(String(decoding: digits, as: UTF8.self)),
            number.magnitude <= JSONScanner.largestInteger, !digits.elementsEqual("-0".utf8)
        else {
            offset = start
            throw fault(
                .limit, "the number is out of range",
                hint: "numbers are integers from -(2^53 - 1) to 2^53 - 1")
        }
        return number
    }

    /// Passes an integer of any length.
    private mutating func passNumber() throws(Fault) {
        if offset < end, text[offset] == UInt8(ascii: "-") { offset += 1 }
        let first = offset
        while offset < end, text[offset].isASCIIDigit { offset += 1 }
        guard offset > first else { throw syntax("a digit is due") }
        guard text[first] != UInt8(ascii: "0") || offset == first + 1 else {
            throw syntax("a number has a leading zero")
        }
        if offset < end,
            [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(text[offset])
        {
            throw fault(
                .wrongType, "the number is not written as an integer",
                hint: "the format has no fractions and no exponents")
        }
    }

    /// Passes one value, whatever it is, checking its syntax; duplicate keys in it go unnoticed.
    ///
    /// Without recursion, and with one bit a level, so that depth costs nothing.
    mutating func skipValue() throws(Fault) {
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
