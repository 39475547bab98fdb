/// Durations as text, as Go has them: "1h2m3.5s", "1.5ms", "0s".
enum DurationText {
    private static let units: [(name: String, nanoseconds: Int64)] = [
        ("ns", 1), ("us", 1000), ("µs", 1000), ("μs", 1000), ("ms", 1_000_000),
        ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ]

    static func text(of nanoseconds: Int64) -> String {
        if nanoseconds == 0 { return "0s" }
        let sign = nanoseconds < 0 ? "-" : ""
        let rest = nanoseconds.magnitude
        switch rest {
        case 0..<1000: return "\(sign)\(rest)ns"
        case 0..<1_000_000: return "\(sign)\(decimal(rest, 1000))µs"
        case 0..<1_000_000_000: return "\(sign)\(decimal(rest, 1_000_000))ms"
        default: break
        }
        let (minutes, seconds) = rest.quotientAndRemainder(dividingBy: 60_000_000_000)
        var text = "\(decimal(seconds, 1_000_000_000))s"
        if minutes > 0 { text = "\(minutes % 60)m" + text }
        if minutes >= 60 { text = "\(minutes / 60)h" + text }
        return sign + text
    }

    /// The quotient with as many decimals as it takes; the divisor is a power of 10.
    private static func decimal(_ number: UInt64, _ divisor: UInt64) -> String {
        let (whole, fraction) = number.quotientAndRemainder(dividingBy: divisor)
        if fraction == 0 { return "\(whole)" }
        var digits = String(String(fraction + divisor).dropFirst())
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(whole).\(digits)"
    }

    /// Nanoseconds from a text such as "-1.5h" or "2h45m".
    static func parse(_ text: String) throws -> Int64 {
        func invalid() -> EvaluationError { EvaluationError("invalid duration \"\(text)\"") }
        var rest = text[...]
        let isNegative = rest.first == "-"
        if isNegative || rest.first == "+" { rest.removeFirst() }
        if rest == "0" { return 0 }
        if rest.isEmpty { throw invalid() }
        var total: Double = 0
        var exact: Int64 = 0
        while !rest.isEmpty {
            let whole = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(whole.count)
            var fraction: Substring = ""
            if rest.first == "." {
                rest.removeFirst()
                fraction = rest.prefix { $0.isASCII && $0.isNumber }
                rest = rest.dropFirst(fraction.count)
            }
            if whole.isEmpty && fraction.isEmpty { throw invalid() }
            let unit = rest.prefix { $0 != "." && !($0.isASCII && $0.isNumber) }
            rest = rest.dropFirst(unit.count)
            if unit.isEmpty { throw EvaluationError("missing unit in duration \"\(text)\"") }
            guard let scale = units.first(where: { $0.name == unit })?.nanoseconds else {
                throw EvaluationError("unknown unit \"\(unit)\" in duration \"\(text)\"")
            }
            let part = (Int64(whole.isEmpty ? "0" : whole) ?? .max)
                .multipliedReportingOverflow(by: scale)
            let decimals = (Double("0.\(fraction)") ?? 0) * Double(scale)
            let sum = exact.addingReportingOverflow(part.partialValue)
            total += Double(part.partialValue) + decimals
            if part.overflow || sum.overflow || total >= 9.2e18 { throw invalid() }
            exact = sum.partialValue + Int64(decimals.rounded())
        }
        return isNegative ? -exact : exact
    }
}
