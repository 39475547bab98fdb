/// A time as RFC 3339 has it: `2027-01-01T12:00:00Z`, with a fraction or an offset if there is one.
enum InternetTime {
    /// - Returns: Seconds since 1970, a fraction left out; nil if the text has another form.
    static func seconds(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == dash, bytes[7] == dash,
            bytes[10] | 0x20 == UInt8(ascii: "t"), bytes[13] == colon, bytes[16] == colon,
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
            let day = number(bytes[8..<10]), let hour = number(bytes[11..<13]),
            let minute = number(bytes[14..<16]), let second = number(bytes[17..<19]),
            (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second),
            let offset = offset(bytes[19...])
        else { return nil }
        let days = CivilDay.days(toYear: year, month: month - 1) + day - 1
        return ((days * 24 + hour) * 60 + minute) * 60 + second - offset
    }

    private static let dash = UInt8(ascii: "-")
    private static let colon = UInt8(ascii: ":")

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return value
    }

    /// What stands behind the seconds: a fraction, then `Z` or an offset; in seconds.
    private static func offset(_ rest: ArraySlice<UInt8>) -> Int? {
        var rest = rest
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix { number([$0]) != nil }
            guard !fraction.isEmpty else { return nil }
            rest = rest.dropFirst(1 + fraction.count)
        }
        if rest.count == 1, (rest.first ?? 0) | 0x20 == UInt8(ascii: "z") { return 0 }
        let parts = Array(rest)
        guard parts.count == 6, parts[3] == colon, [dash, UInt8(ascii: "+")].contains(parts[0]),
            let hours = number(parts[1...2]), let minutes = number(parts[4...5])
        else { return nil }
        return (parts[0] == dash ? -1 : 1) * (hours * 60 + minutes) * 60
    }
}
