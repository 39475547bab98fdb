/// A layout of times as Go has it: a picture of how 2 January 2006, 15:04:05, is to be written.
struct TimeLayout {
    enum Part: Equatable {
        case text(String)
        case year, shortYear
        case monthName, shortMonthName, month, paddedMonth
        case weekdayName, shortWeekdayName
        case day, spacedDay, paddedDay, paddedDayOfYear
        case hour, hour12, paddedHour12
        case minute, paddedMinute, second, paddedSecond
        case upperHalf, lowerHalf
        case zoneName
        case offset(hasZ: Bool, colons: Bool, digits: Int)
        /// So many decimals of the second; trailing zeros, and a point before nothing, are left out
        /// if trimmed.
        case fraction(separator: Character, digits: Int, isTrimmed: Bool)
    }

    private(set) var parts: [Part] = []

    /// What stands for a part. Of those that begin alike the longest comes first.
    private static let words: [(String, Part)] = [
        ("January", .monthName), ("Jan", .shortMonthName), ("Monday", .weekdayName),
        ("Mon", .shortWeekdayName), ("MST", .zoneName), ("2006", .year), ("002", .paddedDayOfYear),
        ("01", .paddedMonth), ("02", .paddedDay), ("03", .paddedHour12), ("04", .paddedMinute),
        ("05", .paddedSecond), ("06", .shortYear), ("15", .hour), ("_2", .spacedDay),
        ("PM", .upperHalf), ("pm", .lowerHalf),
        ("-07:00:00", .offset(hasZ: false, colons: true, digits: 6)),
        ("-070000", .offset(hasZ: false, colons: false, digits: 6)),
        ("-07:00", .offset(hasZ: false, colons: true, digits: 4)),
        ("-0700", .offset(hasZ: false, colons: false, digits: 4)),
        ("-07", .offset(hasZ: false, colons: false, digits: 2)),
        ("Z07:00:00", .offset(hasZ: true, colons: true, digits: 6)),
        ("Z070000", .offset(hasZ: true, colons: false, digits: 6)),
        ("Z07:00", .offset(hasZ: true, colons: true, digits: 4)),
        ("Z0700", .offset(hasZ: true, colons: false, digits: 4)),
        ("Z07", .offset(hasZ: true, colons: false, digits: 2)),
        ("1", .month), ("2", .day), ("3", .hour12), ("4", .minute), ("5", .second),
    ]

    init(_ layout: String) {
        var rest = layout[...]
        var text = ""
        while let first = rest.first {
            let part: Part
            if let fraction = TimeLayout.fraction(rest) {
                part = fraction.part
                rest = rest.dropFirst(fraction.count)
            } else if let word = TimeLayout.words.first(where: { rest.hasPrefix($0.0) }) {
                part = word.1
                rest = rest.dropFirst(word.0.count)
            } else {
                text.append(first)
                rest.removeFirst()
                continue
            }
            if !text.isEmpty { parts.append(.text(text)) }
            text = ""
            parts.append(part)
        }
        if !text.isEmpty { parts.append(.text(text)) }
    }

    /// ".000" or ".999" and the like, not followed by another digit.
    private static func fraction(_ rest: Substring) -> (part: Part, count: Int)? {
        guard let separator = rest.first, separator == "." || separator == ",",
            let digit = rest.dropFirst().first, digit == "0" || digit == "9"
        else { return nil }
        let digits = rest.dropFirst().prefix { $0 == digit }.count
        if let next = rest.dropFirst(1 + digits).first, next.isNumber { return nil }
        return (
            .fraction(separator: separator, digits: digits, isTrimmed: digit == "9"), digits + 1
        )
    }

    // MARK: Writing

    func text(of time: TimeValue) -> String {
        let (offset, abbreviation) = time.zone(time.seconds)
        let civil = CivilTime(seconds: time.seconds + offset)
        return parts.map { part in
            TimeLayout.text(part, civil, time.nanosecond, offset, abbreviation)
        }.joined()
    }

    private static func text(
        _ part: Part, _ civil: CivilTime, _ nanosecond: Int, _ offset: Int, _ abbreviation: String
    ) -> String {
        let hour12 = civil.hour % 12 == 0 ? 12 : civil.hour % 12
        switch part {
        case .text(let text): return text
        case .year: return padded(civil.year, 4)
        case .shortYear: return padded(civil.year - civil.year.floorDivided(by: 100) * 100, 2)
        case .monthName: return CivilTime.monthNames[civil.month - 1]
        case .shortMonthName: return String(CivilTime.monthNames[civil.month - 1].prefix(3))
        case .month: return "\(civil.month)"
        case .paddedMonth: return padded(civil.month, 2)
        case .weekdayName: return CivilTime.weekdayNames[civil.weekday]
        case .shortWeekdayName: return String(CivilTime.weekdayNames[civil.weekday].prefix(3))
        case .day: return "\(civil.day)"
        case .spacedDay: return civil.day < 10 ? " \(civil.day)" : "\(civil.day)"
        case .paddedDay: return padded(civil.day, 2)
        case .paddedDayOfYear: return padded(civil.dayOfYear, 3)
        case .hour: return padded(civil.hour, 2)
        case .hour12: return "\(hour12)"
        case .paddedHour12: return padded(hour12, 2)
        case .minute: return "\(civil.minute)"
        case .paddedMinute: return padded(civil.minute, 2)
        case .second: return "\(civil.second)"
        case .paddedSecond: return padded(civil.second, 2)
        case .upperHalf: return civil.hour < 12 ? "AM" : "PM"
        case .lowerHalf: return civil.hour < 12 ? "am" : "pm"
        case .zoneName: return abbreviation.isEmpty ? text(offset, false, 4) : abbreviation
        case .offset(let hasZ, let colons, let digits):
            return hasZ && offset == 0 ? "Z" : text(offset, colons, digits)
        case .fraction(let separator, let digits, let isTrimmed):
            var decimals = String(padded(nanosecond, 9).prefix(digits))
            if isTrimmed { while decimals.hasSuffix("0") { decimals.removeLast() } }
            return decimals.isEmpty ? "" : "\(separator)\(decimals)"
        }
    }

    private static func text(_ offset: Int, _ colons: Bool, _ digits: Int) -> String {
        let rest = abs(offset)
        let numbers = [rest / 3600, rest / 60 % 60, rest % 60].prefix(digits / 2)
        return (offset < 0 ? "-" : "+")
            + numbers.map { padded($0, 2) }.joined(separator: colons ? ":" : "")
    }

    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number.magnitude)
        let zeros = String(repeating: "0", count: max(width - digits.count, 0))
        return (number < 0 ? "-" : "") + zeros + digits
    }
}
