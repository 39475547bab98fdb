extension Duration {
    /// As precise as anybody cares to know: `4ms`, `0.4s`, `12.3s`, `2m05s`, `1h02m`.
    ///
    /// What follows is cut off, not rounded: a time that has not come is not shown. Durations below
    /// zero are taken for zero.
    var exactText: String {
        let milliseconds = wholeMilliseconds
        if milliseconds < 100 { return "\(milliseconds)ms" }
        guard milliseconds < 60_000 else { return roughText }
        return "\(milliseconds / 1_000).\(milliseconds / 100 % 10)s"
    }

    /// In whole seconds, or minutes: `0s`, `34s`, `2m05s`, `1h02m`.
    var roughText: String {
        let seconds = wholeMilliseconds / 1_000
        if seconds < 60 { return "\(seconds)s" }
        if seconds < 3_600 { return "\(seconds / 60)m\(Duration.twoDigits(seconds % 60))s" }
        return "\(seconds / 3_600)h\(Duration.twoDigits(seconds / 60 % 60))m"
    }

    /// For what is only known from the last time.
    var expectedText: String { "~" + (self < .seconds(10) ? exactText : roughText) }

    /// Zero at least; what `Int` cannot hold is its maximum.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (product, overflow) = Int(seconds).multipliedReportingOverflow(by: 1_000)
        return overflow ? .max : product.addingSaturated(Int(attoseconds / 1_000_000_000_000_000))
    }

    private static func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}

extension Int {
    /// The sum, or the largest number: events may come from anywhere, and a count is no reason to crash.
    func addingSaturated(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        guard overflow else { return sum }
        return other < 0 ? .min : .max
    }
}
