/// Values that are one word: booleans, numbers, dates and times.
enum TOMLWords {
    /// - Returns: nil if the word is none of them.
    static func content(_ word: String) -> TOMLValue.Content? {
        switch word {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "inf", "+inf": return .float(.infinity)
        case "-inf": return .float(-.infinity)
        case "nan", "+nan", "-nan": return .float(.nan)
        default: break
        }
        if let number = integer(word) { return .integer(number) }
        if let number = float(word) { return .float(number) }
        return isDateTime(word) ? .dateTime(word) : nil
    }

    static func hint(_ word: String) -> String? {
        let lower = word.lowercased()
        if lower == "true" || lower == "false" { return "write `\(lower)`" }
        if word.first?.isNumber == true && word.allSatisfy({ $0.isNumber || $0 == "_" }) {
            return "an integer has no leading zeros, and lies within 64 bits"
        }
        return nil
    }

    // MARK: Numbers

    private static func integer(_ word: String) -> Int64? {
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where word.hasPrefix(prefix) {
            let digits = word.dropFirst(2)
            guard digits.first != "+" && digits.first != "-" else { return nil }
            return plain(digits).flatMap { Int64($0, radix: radix) }
        }
        let digits = unsigned(word)
        guard isDecimal(digits), let text = plain(digits) else { return nil }
        return Int64((word.hasPrefix("-") ? "-" : "") + text)
    }

    private static func float(_ word: String) -> Double? {
        let digits = unsigned(word)
        let parts = digits.split(
            maxSplits: 1, omittingEmptySubsequences: false, whereSeparator: { "eE".contains($0) })
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard mantissa.count <= 2, parts.count + mantissa.count > 2, isDecimal(mantissa[0]) else {
            return nil
        }
        var text = plain(mantissa[0]) ?? ""
        if mantissa.count == 2 {
            guard let fraction = decimals(mantissa[1]) else { return nil }
            text += "." + fraction
        }
        if parts.count == 2 {
            let exponent = unsigned(String(parts[1]))
            guard let digits = decimals(exponent) else { return nil }
            text += "e" + (parts[1].hasPrefix("-") ? "-" : "") + digits
        }
        return Double((word.hasPrefix("-") ? "-" : "") + text)
    }

    private static func unsigned(_ word: String) -> Substring {
        word.hasPrefix("+") || word.hasPrefix("-") ? word.dropFirst() : word[...]
    }

    /// Decimal digits without a leading zero.
    private static func isDecimal(_ digits: Substring) -> Bool {
        guard let text = decimals(digits) else { return false }
        return text == "0" && digits == "0" || text.first != "0"
    }

    /// Decimal digits without their underscores.
    private static func decimals(_ digits: Substring) -> String? {
        guard let text = plain(digits), text.utf8.allSatisfy({ 48...57 ~= $0 }) else { return nil }
        return text
    }

    /// Digits without their underscores, each of which must stand between two digits.
    private static func plain(_ digits: Substring) -> String? {
        guard !digits.isEmpty, digits.first != "_", digits.last != "_", !digits.contains("__")
        else { return nil }
        return String(digits.filter { $0 != "_" })
    }

    // MARK: Dates and times (RFC 3339)

    static func isDate(_ word: String) -> Bool {
        date(ArraySlice(word.utf8)) == 10 && word.utf8.count == 10
    }

    private static func isDateTime(_ word: String) -> Bool {
        let bytes = Array(word.utf8)
        if let end = time(bytes[...]) { return end == bytes.count }
        guard date(bytes[...]) == 10 else { return false }
        if bytes.count == 10 { return true }
        guard [0x54, 0x74, 0x20].contains(bytes[10]), let end = time(bytes[11...]) else {
            return false
        }
        return isOffset(bytes[end...])
    }

    /// Whether it is empty, `Z` or `+HH:MM`.
    private static func isOffset(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first else { return true }
        if first == UInt8(ascii: "Z") || first == UInt8(ascii: "z") { return bytes.count == 1 }
        guard first == UInt8(ascii: "+") || first == UInt8(ascii: "-"), bytes.count == 6 else {
            return false
        }
        let rest = Array(bytes.dropFirst())
        return number(rest[0..<2], 0...23) != nil && rest[2] == UInt8(ascii: ":")
            && number(rest[3..<5], 0...59) != nil
    }

    /// - Returns: 10 if a date of the calendar stands at the start.
    private static func date(_ slice: ArraySlice<UInt8>) -> Int? {
        let bytes = Array(slice.prefix(10))
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = number(bytes[0..<4], 1...9999), let month = number(bytes[5..<7], 1...12)
        else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
        return number(bytes[8..<10], 1...days).map { _ in 10 }
    }

    /// - Returns: The index behind a time that stands at the start.
    private static func time(_ bytes: ArraySlice<UInt8>) -> Int? {
        let start = bytes.startIndex
        guard bytes.count >= 8, bytes[start + 2] == UInt8(ascii: ":"),
            bytes[start + 5] == UInt8(ascii: ":"),
            number(bytes[start..<start + 2], 0...23) != nil,
            number(bytes[start + 3..<start + 5], 0...59) != nil,
            number(bytes[start + 6..<start + 8], 0...59) != nil
        else { return nil }
        var end = start + 8
        guard end < bytes.endIndex, bytes[end] == UInt8(ascii: ".") else { return end }
        end += 1
        let fraction = end
        while end < bytes.endIndex, 48...57 ~= bytes[end] { end += 1 }
        return end > fraction ? end : nil
    }

    private static func number(_ bytes: ArraySlice<UInt8>, _ range: ClosedRange<Int>) -> Int? {
        guard bytes.allSatisfy({ 48...57 ~= $0 }) else { return nil }
        let value = bytes.reduce(0) { $0 * 10 + Int($1 - 48) }
        return range.contains(value) ? value : nil
    }
}
