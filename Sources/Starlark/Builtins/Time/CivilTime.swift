/// Date and time of day in the proleptic Gregorian calendar, without a time zone.
struct CivilTime {
    var year: Int
    /// From 1 to 12.
    var month: Int
    /// From 1.
    var day: Int
    var hour: Int
    var minute: Int
    var second: Int

    private static let secondsPerDay = 86_400
    /// Years are counted from March, so that leap days come last, in eras of 400 years.
    private static let daysPerEra = 146_097
    /// From the first of March of year 0 to the first of January of 1970.
    private static let daysToEpoch = 719_468

    init(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// The time that was shown `seconds` after the beginning of 1970.
    init(seconds: Int) {
        let days = seconds.floorDivided(by: CivilTime.secondsPerDay)
        let rest = seconds - days * CivilTime.secondsPerDay
        let shifted = days + CivilTime.daysToEpoch
        let era = shifted.floorDivided(by: CivilTime.daysPerEra)
        let dayOfEra = shifted - era * CivilTime.daysPerEra
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        // Months from March have 153 days in five.
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
    }

    /// Seconds since the beginning of 1970. Parts beyond their range carry over.
    var seconds: Int {
        dayNumber * CivilTime.secondsPerDay + hour * 3600 + minute * 60 + second
    }

    /// Days since the beginning of 1970.
    private var dayNumber: Int {
        let carry = (month - 1).floorDivided(by: 12)
        let month = month - carry * 12
        let year = year + carry - (month <= 2 ? 1 : 0)
        let era = year.floorDivided(by: 400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * CivilTime.daysPerEra + dayOfEra - CivilTime.daysToEpoch
    }

    /// From 0 for Sunday.
    var weekday: Int {
        let number = dayNumber + 4
        return number - number.floorDivided(by: 7) * 7
    }

    /// From 1.
    var dayOfYear: Int {
        dayNumber - CivilTime(year: year, month: 1, day: 1, hour: 0, minute: 0, second: 0).dayNumber
            + 1
    }

    /// Whether the month has the day, and the day the time.
    var isValid: Bool {
        guard 1...12 ~= month, day >= 1, 0...23 ~= hour, 0...59 ~= minute, 0...59 ~= second
        else { return false }
        let normalized = CivilTime(seconds: seconds)
        return normalized.month == month && normalized.day == day
    }

    static let monthNames = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ]
    static let weekdayNames = [
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    ]
}

extension Int {
    /// The quotient rounded down; the divisor is positive.
    func floorDivided(by divisor: Int) -> Int {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
