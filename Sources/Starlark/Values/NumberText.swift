/// Numbers as text and back. Nothing here depends on a locale.
enum NumberText {
    /// "00" to "99".
    private static let pairs: StaticString = """
        00010203040506070809101112131415161718192021222324252627282930313233343536373839\
        40414243444546474849505152535455565758596061626364656667686970717273747576777879\
        8081828384858687888990919293949596979899
        """

    /// Writes the decimal digits of `number` so that they end before `end`. Returns where they
    /// start.
    @inline(__always)
    static func writeDigits(
        of number: UInt, before end: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        let pairs = pairs.utf8Start
        var start = end
        var rest = number
        while rest >= 100 {
            let quotient = rest / 100
            let pair = Int(bitPattern: rest &- quotient &* 100) &* 2
            rest = quotient
            start -= 2
            start[0] = pairs[pair]
            start[1] = pairs[pair &+ 1]
        }
        if rest >= 10 {
            start -= 2
            start[0] = pairs[Int(bitPattern: rest) &* 2]
            start[1] = pairs[Int(bitPattern: rest) &* 2 &+ 1]
        } else {
            start -= 1
            start[0] = UInt8(truncatingIfNeeded: rest) &+ UInt8(ascii: "0")
        }
        return start
    }

    /// The decimal digits that any 64-bit number has room in, with a sign.
    static let maximumIntDigits = 20

    /// The digit for a value below 36.
    @inline(__always)
    static func digit(_ value: UInt, uppercase: Bool) -> UInt8 {
        let byte = UInt8(truncatingIfNeeded: value)
        if value < 10 { return byte &+ UInt8(ascii: "0") }
        return byte &- 10 &+ UInt8(ascii: uppercase ? "A" : "a")
    }

    /// The value of a digit or letter, 36 for any other byte.
    @inline(__always)
    static func value(ofDigit byte: UInt8) -> UInt {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt(byte &- UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt(byte &- UInt8(ascii: "a") &+ 10)
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt(byte &- UInt8(ascii: "A") &+ 10)
        default: 36
        }
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}

extension ByteBuilder {
    /// Appends an integer in decimal.
    @inline(__always)
    mutating func append(decimal number: Int) throws(Failure) {
        if number >= 0 && number < 10 {
            return try append(UInt8(truncatingIfNeeded: number) &+ UInt8(ascii: "0"))
        }
        try appendDigits(number)
    }

    @inline(never)
    private mutating func appendDigits(_ number: Int) throws(Failure) {
        let place = try reserve(2 &* NumberText.maximumIntDigits)
        let end = place + 2 &* NumberText.maximumIntDigits
        var start = NumberText.writeDigits(of: number.magnitude, before: end)
        if number < 0 {
            start -= 1
            start.pointee = UInt8(ascii: "-")
        }
        let count = end - start
        // Twenty bytes at most, and the lower half of the room is free to take them.
        place.update(from: start, count: count)
        advance(by: count)
    }

    /// Appends an integer value in decimal.
    @inline(__always)
    mutating func append(decimal value: Value) throws(Failure) {
        if value.isSmallInt { return try append(decimal: value.smallInt) }
        try append(integer: value)
    }

    /// Appends an integer value in a base from 2 to 36.
    mutating func append(
        integer value: Value, base: Int = 10, uppercase: Bool = false
    ) throws(Failure) {
        if base == 10 && value.isSmallInt { return try append(decimal: value.smallInt) }
        var word: UInt = 0
        var failure: Failure?
        withUnsafeMutablePointer(to: &word) { word in
            let view = IntegerView(value, word: word)
            do throws(Failure) {
                try append(view, base: base, uppercase: uppercase)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }
}
