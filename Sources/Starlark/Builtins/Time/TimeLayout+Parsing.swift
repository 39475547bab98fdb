extension TimeLayout {
    /// What a text says of a time. What it does not say is that of the beginning of year 0.
    struct Reading {
        var civil = CivilTime(year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0)
        var nanosecond = 0
        var isAfternoon: Bool?
        var dayOfYear: Int?
        /// Seconds east of UTC.
        var offset: Int?
        var zoneName: String?
    }

    private struct Mismatch: Error {}

    /// Reads a text that was written so.
    ///
    /// - Throws: an error if it was not.
    func parse(_ text: String) throws -> Reading {
        do {
            var rest = text[...]
            var reading = Reading()
            for (index, part) in parts.enumerated() {
                try read(part, from: &rest, to: &reading)
                if part == .paddedSecond || part == .second {
                    try readFraction(after: index, from: &rest, to: &reading)
                }
            }
            if let isAfternoon = reading.isAfternoon {
                reading.civil.hour = reading.civil.hour % 12 + (isAfternoon ? 12 : 0)
            }
            if let day = reading.dayOfYear {
                reading.civil = CivilTime(
                    seconds: reading.civil.seconds + (day - reading.civil.dayOfYear) * 86_400)
            }
            guard rest.isEmpty, reading.civil.isValid else { throw Mismatch() }
            return reading
        } catch is Mismatch {
            throw EvaluationError("cannot parse \"\(text)\" as a time of this format")
        }
    }

    /// Decimals of the second may stand in the text though the layout has none.
    private func readFraction(
        after index: Int, from rest: inout Substring, to reading: inout Reading
    ) throws {
        if index + 1 < parts.count, case .fraction = parts[index + 1] { return }
        guard rest.first == "." || rest.first == ",",
            let digit = rest.dropFirst().first, digit.isASCII, digit.isNumber
        else { return }
        try read(.fraction(separator: ".", digits: 9, isTrimmed: true), from: &rest, to: &reading)
    }

    private func read(
        _ part: Part, from rest: inout Substring, to reading: inout Reading
    ) throws {
        switch part {
        case .text(let text):
            guard rest.hasPrefix(text) else { throw Mismatch() }
            rest = rest.dropFirst(text.count)
        case .year: reading.civil.year = try number(&rest, 4...4)
        case .shortYear:
            let year = try number(&rest, 2...2)
            reading.civil.year = year + (year >= 69 ? 1900 : 2000)
        case .monthName: reading.civil.month = try name(&rest, CivilTime.monthNames) + 1
        case .shortMonthName:
            reading.civil.month = try name(&rest, CivilTime.monthNames.map { $0.prefix(3) }) + 1
        case .weekdayName: _ = try name(&rest, CivilTime.weekdayNames)
        case .shortWeekdayName:
            _ = try name(&rest, CivilTime.weekdayNames.map { $0.prefix(3) })
        case .month: reading.civil.month = try number(&rest, 1...2)
        case .paddedMonth: reading.civil.month = try number(&rest, 2...2)
        case .spacedDay:
            if rest.first == " " { rest.removeFirst() }
            reading.civil.day = try number(&rest, 1...2)
        case .day: reading.civil.day = try number(&rest, 1...2)
        case .paddedDay: reading.civil.day = try number(&rest, 2...2)
        case .paddedDayOfYear: reading.dayOfYear = try number(&rest, 3...3)
        case .hour12: reading.civil.hour = try number(&rest, 1...2)
        case .hour, .paddedHour12: reading.civil.hour = try number(&rest, 2...2)
        case .minute: reading.civil.minute = try number(&rest, 1...2)
        case .paddedMinute: reading.civil.minute = try number(&rest, 2...2)
        case .second: reading.civil.second = try number(&rest, 1...2)
        case .paddedSecond: reading.civil.second = try number(&rest, 2...2)
        case .upperHalf: reading.isAfternoon = try name(&rest, ["AM", "PM"]) == 1
        case .lowerHalf: reading.isAfternoon = try name(&rest, ["am", "pm"]) == 1
        case .zoneName:
            let letters = rest.prefix { $0.isASCII && $0.isUppercase }
            guard 3...5 ~= letters.count else { throw Mismatch() }
            reading.zoneName = String(letters)
            rest = rest.dropFirst(letters.count)
        case .offset(let hasZ, let colons, let digits):
            reading.offset = try offset(&rest, hasZ: hasZ, colons: colons, digits: digits)
        case .fraction(let separator, let digits, let isTrimmed):
            reading.nanosecond = try fraction(
                &rest, separator: separator, digits: isTrimmed ? nil : digits)
        }
    }

    private func number(_ rest: inout Substring, _ width: ClosedRange<Int>) throws -> Int {
        let digits = rest.prefix(width.upperBound).prefix { $0.isASCII && $0.isNumber }
        guard width.contains(digits.count), let number = Int(digits) else { throw Mismatch() }
        rest = rest.dropFirst(digits.count)
        return number
    }

    private func name(_ rest: inout Substring, _ names: [some StringProtocol]) throws -> Int {
        let lowercased = rest.prefix(9).lowercased()
        guard let index = names.firstIndex(where: { lowercased.hasPrefix($0.lowercased()) })
        else { throw Mismatch() }
        rest = rest.dropFirst(names[index].count)
        return index
    }

    private func offset(
        _ rest: inout Substring, hasZ: Bool, colons: Bool, digits: Int
    ) throws -> Int {
        if hasZ, rest.first == "Z" {
            rest.removeFirst()
            return 0
        }
        guard let sign = rest.popFirst(), sign == "+" || sign == "-" else { throw Mismatch() }
        var seconds = 0
        for (index, scale) in [3600, 60, 1].prefix(digits / 2).enumerated() {
            if index > 0, colons {
                guard rest.popFirst() == ":" else { throw Mismatch() }
            }
            let value = try number(&rest, 2...2)
            guard value < (index == 0 ? 25 : 60) else { throw Mismatch() }
            seconds += value * scale
        }
        return sign == "-" ? -seconds : seconds
    }

    private func fraction(
        _ rest: inout Substring, separator: Character, digits: Int?
    ) throws -> Int {
        guard rest.first == "." || rest.first == "," else {
            // Nines stand for decimals that may be absent.
            if digits == nil { return 0 }
            throw Mismatch()
        }
        let decimals = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
        guard digits == nil || digits == decimals.count, !decimals.isEmpty else {
            throw Mismatch()
        }
        rest = rest.dropFirst(1 + decimals.count)
        let nine = decimals.prefix(9)
        return Int(nine + String(repeating: "0", count: 9 - nine.count)) ?? 0
    }
}
