import ArgumentParser

/// A span of time on the command line: seconds, or a number with its unit.
enum DurationText {
    static func parse(_ text: String) throws -> Duration {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600]
        var digits = text[...]
        var unit = 1
        if let last = text.last, let known = units[last] {
            unit = known
            digits = digits.dropLast()
        }
        guard let number = Int(digits), number > 0,
            case (let seconds, let isTooLarge) = number.multipliedReportingOverflow(by: unit),
            !isTooLarge
        else {
            throw ValidationError("`\(text)` is no duration; write 90, 90s, 15m or 2h")
        }
        return .seconds(seconds)
    }
}
