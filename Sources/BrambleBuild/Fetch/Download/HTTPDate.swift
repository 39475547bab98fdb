/// A time as HTTP headers have it (RFC 9110, 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`. The two older
/// forms are not read: no server of today writes them, and a date that is not read is no harm.
enum HTTPDate {
    /// - Returns: Seconds since 1970; nil if the text has another form.
    static func seconds(_ text: String) -> Int? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", words[0].hasSuffix(","),
            let day = Int(words[1]), let month = months.firstIndex(of: String(words[2])),
            let year = Int(words[3]), (1...31).contains(day), (1970...9999).contains(year)
        else { return nil }
        let time = words[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3, (0...23).contains(time[0]), (0...59).contains(time[1]),
            (0...60).contains(time[2])
        else { return nil }
        let days = CivilDay.days(toYear: year, month: month) + day - 1
        return ((days * 24 + time[0]) * 60 + time[1]) * 60 + time[2]
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}

/// Days of the calendar.
enum CivilDay {
    private static let monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

    /// Days from 1970 to the first of a month, which counts from 0.
    static func days(toYear year: Int, month: Int) -> Int {
        func leapYears(before year: Int) -> Int {
            (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400
        }
        let isLeap = leapYears(before: year + 1) > leapYears(before: year)
        return (year - 1970) * 365 + leapYears(before: year) - leapYears(before: 1970)
            + monthLengths[..<month].reduce(0, +) + (isLeap && month > 1 ? 1 : 0)
    }
}
