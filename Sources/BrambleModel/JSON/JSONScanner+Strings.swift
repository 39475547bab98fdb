extension JSONScanner {
    package mutating func readString() throws(Fault) -> String {
        let (range, hasEscapes) = try passString()
        guard hasEscapes else {
            // `passString` found it to be valid UTF-8, so nothing is repaired here.
            return String(decoding: UnsafeBufferPointer(rebasing: text[range]), as: UTF8.self)
        }
        return try unescape(range)
    }

    /// Passes a string, checking all of it.
    ///
    /// - Returns: What is between the quotes, and whether there are escapes in it.
    mutating func passString() throws(Fault) -> (content: Range<Int>, hasEscapes: Bool) {
        let opening = offset
        guard offset < end, text[offset] == UInt8(ascii: "\"") else {
            throw syntax("a string is due")
        }
        offset += 1
        let start = offset
        var hasEscapes = false
        while true {
            skipPlainWords()
            guard offset < end else {
                offset = opening
                throw syntax("a string does not end")
            }
            switch text[offset] {
            case UInt8(ascii: "\""):
                offset += 1
                return (start..<offset - 1, hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try passEscape()
            case 0..<0x20:
                throw syntax(
                    "\(describe(text[offset])) stands in a string",
                    hint: "write control characters as escapes, such as `\\n`")
            case 0x80...:
                let length = utf8Length()
                guard length > 0 else {
                    throw syntax("\(describe(text[offset])) is not UTF-8", hint: "write UTF-8")
                }
                offset += length
            default:
                offset += 1
            }
        }
    }

    /// Passes bytes eight at a time, up to a word with a byte that needs a look: a quote, a
    /// backslash, a control character, or one that is not ASCII.
    private mutating func skipPlainWords() {
        guard let base = text.baseAddress else { return }
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        while offset &+ 8 <= end {
            // Safe: the eight bytes are within the text.
            let word = UnsafeRawPointer(base).loadUnaligned(
                fromByteOffset: offset, as: UInt64.self)
            let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
            let backslashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
            // A byte below n sets its high bit in (word - n * ones) & ~word, for n up to 128. A
            // borrow may mark the byte after it as well; the look then finds nothing, and goes on.
            let marks =
                (word &- ones &* 0x20) & ~word | (quotes &- ones) & ~quotes
                | (backslashes &- ones) & ~backslashes | word
            if marks & highs != 0 {
                offset &+= (marks & highs).trailingZeroBitCount / 8
                return
            }
            offset &+= 8
        }
    }

    /// The length of the well-formed sequence of two or more bytes at `offset`, else 0 (Unicode
    /// Standard, table 3-7).
    private func utf8Length() -> Int {
        let length: Int
        let second: ClosedRange<UInt8>
        switch text[offset] {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return 0
        }
        guard end - offset >= length, second.contains(text[offset + 1]) else { return 0 }
        for index in 2..<max(2, length) where text[offset + index] & 0xC0 != 0x80 { return 0 }
        return length
    }

    private mutating func passEscape() throws(Fault) {
        guard end - offset >= 2 else { throw syntax("the text ends in an escape") }
        switch text[offset + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            offset += 2
        case UInt8(ascii: "u"):
            _ = try readUnicodeEscape(&offset)
        default:
            throw syntax("`\\` and \(describe(text[offset + 1])) are no escape")
        }
    }

    /// The character of `\uXXXX`, or of two that are a surrogate pair.
    private func readUnicodeEscape(_ position: inout Int) throws(Fault) -> Unicode.Scalar {
        let first = try readUnit(&position)
        if let scalar = Unicode.Scalar(first) { return scalar }
        if first < 0xDC00, end - position >= 2, text[position] == UInt8(ascii: "\\"),
            text[position + 1] == UInt8(ascii: "u")
        {
            let second = try readUnit(&position)
            if (0xDC00..<0xE000).contains(second),
                let scalar = Unicode.Scalar(
                    0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
            {
                return scalar
            }
        }
        throw syntax("an escape is half of a surrogate pair")
    }

    private func readUnit(_ position: inout Int) throws(Fault) -> UInt16 {
        guard end - position >= 6 else { throw syntax("the text ends in an escape") }
        var unit: UInt16 = 0
        for index in position + 2..<position + 6 {
            let byte = text[index]
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw syntax("`\\u` is followed by four hexadecimal digits")
            }
            unit = unit << 4 | UInt16(digit)
        }
        position += 6
        return unit
    }

    /// - Parameter range: The content of a string that was passed.
    private func unescape(_ range: Range<Int>) throws(Fault) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        var position = range.lowerBound
        while position < range.upperBound {
            let byte = text[position]
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                position += 1
                continue
            }
            let kind = text[position + 1]
            if kind == UInt8(ascii: "u") {
                let scalar = try readUnicodeEscape(&position)
                bytes.append(contentsOf: Array(String(scalar).utf8))
                continue
            }
            position += 2
            switch kind {
            case UInt8(ascii: "b"): bytes.append(0x08)
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case UInt8(ascii: "f"): bytes.append(0x0C)
            case UInt8(ascii: "r"): bytes.append(0x0D)
            default: bytes.append(kind)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
