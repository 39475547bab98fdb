/// A code point as decoded from bytes that may be no UTF-8.
///
/// A byte that begins no valid sequence counts as U+FFFD of width 1, as in Go; so every byte
/// string has exactly one decoding, and invalid bytes are told from a real U+FFFD by the width.
struct CodePoint {
    var value: UInt32
    /// The number of bytes it takes.
    var width: Int

    static let replacement: UInt32 = 0xfffd
    static let maximum: UInt32 = 0x10ffff
    private static var invalid: CodePoint { CodePoint(value: replacement, width: 1) }

    var isInvalid: Bool { width == 1 && value == CodePoint.replacement }

    /// Decodes the code point that begins at `start`; `count` bytes follow, at least 1.
    @inline(__always)
    init(at start: UnsafePointer<UInt8>, count: Int) {
        let first = start[0]
        if first < 0x80 {
            self.init(value: UInt32(first), width: 1)
        } else {
            self = CodePoint.decode(start, count)
        }
    }

    private init(value: UInt32, width: Int) {
        self.value = value
        self.width = width
    }

    /// The Unicode standard's table 3-7, well-formed byte sequences.
    @inline(never)
    private static func decode(_ start: UnsafePointer<UInt8>, _ count: Int) -> CodePoint {
        let first = start[0]
        let width: Int
        var second: ClosedRange<UInt8> = 0x80...0xbf
        switch first {
        case 0xc2...0xdf: width = 2
        case 0xe0: (width, second) = (3, 0xa0...0xbf)
        case 0xed: (width, second) = (3, 0x80...0x9f)
        case 0xe1...0xef: width = 3
        case 0xf0: (width, second) = (4, 0x90...0xbf)
        case 0xf4: (width, second) = (4, 0x80...0x8f)
        case 0xf1...0xf3: width = 4
        default: return invalid
        }
        guard count >= width, second.contains(start[1]) else { return invalid }
        let lead = UInt32(first) & (0x7f &>> UInt32(width))
        var value = lead &<< 6 | UInt32(start[1] & 0x3f)
        var position = 2
        while position < width {
            guard start[position] & 0xc0 == 0x80 else { return invalid }
            value = value &<< 6 | UInt32(start[position] & 0x3f)
            position &+= 1
        }
        return CodePoint(value: value, width: width)
    }

    /// The last code point of `bytes`, which are not empty.
    static func last(of start: UnsafePointer<UInt8>, count: Int) -> CodePoint {
        if start[count - 1] < 0x80 { return CodePoint(at: start + (count - 1), count: 1) }
        var width = 2
        while width <= min(4, count) {
            let candidate = CodePoint(at: start + (count - width), count: width)
            if candidate.width == width { return candidate }
            width += 1
        }
        return invalid
    }

    /// How many code points the bytes decode to.
    static func count(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        guard let start = bytes.baseAddress else { return 0 }
        var (position, result) = (0, 0)
        while position < bytes.count {
            position += CodePoint(at: start + position, count: bytes.count - position).width
            result += 1
        }
        return result
    }
}

// MARK: Properties

/// Simple mappings and general categories of the Unicode standard, with tables of the Swift
/// library.
extension CodePoint {
    private static func scalar(_ value: UInt32) -> Unicode.Scalar {
        Unicode.Scalar(value) ?? "\u{fffd}"
    }

    private static func single(_ mapping: String) -> UInt32? {
        let scalars = mapping.unicodeScalars
        guard let first = scalars.first, scalars.count == 1 else { return nil }
        return first.value
    }

    /// The upper case of one code point as one code point: `ß`, which has none, stays.
    static func uppercase(_ value: UInt32) -> UInt32 {
        if value < 0x80 { return value &- (97...122 ~= value ? 32 : 0) }
        let properties = scalar(value).properties
        // Greek letters with iota subscript have no single upper case but a title case.
        return single(properties.uppercaseMapping) ?? single(properties.titlecaseMapping) ?? value
    }

    static func lowercase(_ value: UInt32) -> UInt32 {
        if value < 0x80 { return value &+ (65...90 ~= value ? 32 : 0) }
        // Its full mapping is an `i` with a combining dot.
        if value == 0x130 { return 0x69 }
        return single(scalar(value).properties.lowercaseMapping) ?? value
    }

    static func titlecase(_ value: UInt32) -> UInt32 {
        if value < 0x80 { return uppercase(value) }
        return single(scalar(value).properties.titlecaseMapping) ?? value
    }

    /// Whether there is another case of it.
    static func isCased(_ value: UInt32) -> Bool {
        if value < 0x80 { return 97...122 ~= value | 0x20 }
        return uppercase(value) != value || lowercase(value) != value || value == 0xdf
    }

    static func isLowercase(_ value: UInt32) -> Bool {
        value < 0x80
            ? 97...122 ~= value : scalar(value).properties.generalCategory == .lowercaseLetter
    }

    static func isUppercaseOrTitlecase(_ value: UInt32) -> Bool {
        if value < 0x80 { return 65...90 ~= value }
        let category = scalar(value).properties.generalCategory
        return category == .uppercaseLetter || category == .titlecaseLetter
    }

    static func isLetter(_ value: UInt32) -> Bool {
        if value < 0x80 { return 97...122 ~= value | 0x20 }
        switch scalar(value).properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            return true
        default: return false
        }
    }

    static func isDigit(_ value: UInt32) -> Bool {
        value < 0x80
            ? 48...57 ~= value : scalar(value).properties.generalCategory == .decimalNumber
    }

    /// The property White_Space.
    @inline(__always)
    static func isSpace(_ value: UInt32) -> Bool {
        if value <= 0x20 { return value == 0x20 || 9...13 ~= value }
        return value >= 0x85 && isSpaceBeyondASCII(value)
    }

    @inline(never)
    private static func isSpaceBeyondASCII(_ value: UInt32) -> Bool {
        switch value {
        case 0x85, 0xa0, 0x1680, 0x2000...0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000: true
        default: false
        }
    }

    /// Whether a quoted string shows it as it is: letters, marks, numbers, punctuation, symbols,
    /// and the space of ASCII.
    static func isPrintable(_ value: UInt32) -> Bool {
        if value < 0x80 { return 0x20...0x7e ~= value }
        switch scalar(value).properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator,
            .lineSeparator, .paragraphSeparator:
            return false
        default: return true
        }
    }
}

extension ByteBuilder {
    /// Appends the UTF-8 of a code point.
    mutating func append(codePoint value: UInt32) throws(Failure) {
        if value < 0x80 {
            try append(UInt8(truncatingIfNeeded: value))
            return
        }
        let scalar = Unicode.Scalar(value) ?? "\u{fffd}"
        for byte in UTF8.encode(scalar).unsafelyUnwrapped { try append(byte) }
    }

    /// Appends text with every invalid byte replaced by U+FFFD.
    mutating func append(repairing bytes: UnsafeBufferPointer<UInt8>) throws(Failure) {
        guard let start = bytes.baseAddress else { return }
        var (copied, position) = (0, 0)
        while position < bytes.count {
            let next = CodePoint(at: start + position, count: bytes.count - position)
            if next.isInvalid {
                try append(UnsafeBufferPointer(rebasing: bytes[copied..<position]))
                try append(codePoint: CodePoint.replacement)
                copied = position + 1
            }
            position += next.width
        }
        try append(UnsafeBufferPointer(rebasing: bytes[copied..<position]))
    }
}
