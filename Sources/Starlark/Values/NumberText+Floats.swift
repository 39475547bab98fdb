/// How a float is written.
enum FloatStyle {
    /// `%e`: one digit, a point and six digits, the exponent.
    case exponent
    /// `%f`: six digits after the point.
    case fixed
    /// `%g` and `str`: the fewest digits that denote the number, always with a point or an
    /// exponent.
    case compact
}

extension ByteBuilder {
    /// Appends a float; not finite ones as `+inf`, `-inf` and `nan` in every style.
    mutating func append(
        float number: Double, style: FloatStyle = .compact, uppercase: Bool = false
    ) throws(Failure) {
        guard number.isFinite else {
            return try append(number.isNaN ? "nan" : number < 0 ? "-inf" : "+inf")
        }
        if number.sign == .minus { try append(UInt8(ascii: "-")) }
        let magnitude = number.magnitude
        let e = UInt8(ascii: uppercase ? "E" : "e")
        switch style {
        case .compact: try append(compact: magnitude, e)
        case .fixed: try append(fixed: magnitude)
        case .exponent: try append(exponential: magnitude, e)
        }
    }

    /// Appends a float as a conversion of `%` has it: `e`, `f` or `g`, or the same in upper case.
    mutating func append(float number: Double, conversion: UInt8) throws(Failure) {
        let lowercase = conversion | 0x20
        let style: FloatStyle =
            switch lowercase {
            case UInt8(ascii: "e"): .exponent
            case UInt8(ascii: "f"): .fixed
            default: .compact
            }
        try append(float: number, style: style, uppercase: conversion != lowercase)
    }

    private mutating func append(compact number: Double, _ e: UInt8) throws(Failure) {
        // Small whole numbers are frequent and need no search for the fewest digits.
        if number < NumberText.exponentThreshold, let int = Int(exactly: number) {
            try append(decimal: int)
            return try append(".0")
        }
        let digits = ShortestDigits(number)
        let exponent = digits.pointPosition - 1
        if exponent < -4 || number >= NumberText.exponentThreshold {
            return try append(digits: digits, e)
        }
        try digits.withBytes { (bytes) throws(Failure) in
            let point = digits.pointPosition
            if point <= 0 {
                try append("0.")
                try append(repeating: UInt8(ascii: "0"), count: -point)
                try append(bytes)
            } else if point >= bytes.count {
                try append(bytes)
                try append(repeating: UInt8(ascii: "0"), count: point - bytes.count)
                try append(".0")
            } else {
                try append(UnsafeBufferPointer(rebasing: bytes[..<point]))
                try append(UInt8(ascii: "."))
                try append(UnsafeBufferPointer(rebasing: bytes[point...]))
            }
        }
    }

    private mutating func append(digits: ShortestDigits, _ e: UInt8) throws(Failure) {
        try digits.withBytes { (bytes) throws(Failure) in
            try append(bytes[0])
            if bytes.count > 1 {
                try append(UInt8(ascii: "."))
                try append(UnsafeBufferPointer(rebasing: bytes[1...]))
            }
        }
        try append(exponent: digits.pointPosition - 1, e)
    }

    /// At least two digits, as in C.
    private mutating func append(exponent: Int, _ e: UInt8) throws(Failure) {
        try append(e)
        try append(UInt8(ascii: exponent < 0 ? "-" : "+"))
        if exponent.magnitude < 10 { try append(UInt8(ascii: "0")) }
        try append(decimal: abs(exponent))
    }

    private mutating func append(fixed number: Double) throws(Failure) {
        if number >= 0x1p63 {
            var failure: Failure?
            BigInt.withView(integral: number) { view in
                do throws(Failure) {
                    try append(view, base: 10, uppercase: false)
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
            return try append(".000000")
        }
        let (whole, millionths) = NumberText.millionths(of: number)
        try append(decimal: whole)
        try append(UInt8(ascii: "."))
        try append(padded: millionths)
    }

    /// Six digits.
    private mutating func append(padded number: Int) throws(Failure) {
        let place = try reserve(NumberText.maximumIntDigits)
        let start = NumberText.writeDigits(
            of: UInt(bitPattern: number + 1_000_000), before: place + NumberText.maximumIntDigits)
        place.update(from: start + 1, count: 6)
        advance(by: 6)
    }

    private mutating func append(exponential number: Double, _ e: UInt8) throws(Failure) {
        let (digits, exponent) = NumberText.sevenDigits(of: number)
        try append(decimal: digits / 1_000_000)
        try append(UInt8(ascii: "."))
        try append(padded: digits % 1_000_000)
        try append(exponent: exponent, e)
    }
}

extension NumberText {
    /// Floats from here on are written with an exponent, as starlark-go does (1e+06). The
    /// specification leaves it open; starlark-java begins at 1e17.
    static let exponentThreshold = 1e6

    /// A number below 2^63 in millionths, rounded to the nearest, ties to even: whole and rest.
    static func millionths(of number: Double) -> (whole: Int, rest: Int) {
        // The number is `significand * 2^-shift`, so 73 bits hold its product with a million
        // exactly.
        let exponent = number.isNormal ? Int(number.exponent) : Double.leastNormalMagnitude.exponent
        let bits = UInt128(number.significandBitPattern)
        let significand = number.isNormal ? bits | 1 << 52 : bits
        let shift = 52 - exponent
        if shift <= 0 { return (Int(significand) << -shift, 0) }
        // Less than half of a millionth.
        if shift > 100 { return (0, 0) }
        let product = significand * 1_000_000
        var quotient = product >> shift
        let rest = product & (1 << shift - 1)
        let half: UInt128 = 1 << (shift - 1)
        if rest > half || (rest == half && quotient & 1 == 1) { quotient += 1 }
        let (whole, fraction) = quotient.quotientAndRemainder(dividingBy: 1_000_000)
        return (Int(whole), Int(fraction))
    }
}
