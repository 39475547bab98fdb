/// A number of bytes as people write it: `64M`, `1G`, `1048576`.
struct ByteCount: Equatable {
    var bytes: Int

    /// - Parameter text: A whole number, which may end in `K`, `M`, `G` or `T`, each 1,024 times the one
    ///   before, and in `B` or `iB` after those.
    init?(_ text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), number > 0 else { return nil }
        guard let scale = ByteCount.scale(text[digits.endIndex...]) else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: scale)
        guard !overflow else { return nil }
        self.bytes = bytes
    }

    private static func scale(_ unit: Substring) -> Int? {
        switch unit.lowercased() {
        case "", "b": 1
        case "k", "kb", "kib": 1 << 10
        case "m", "mb", "mib": 1 << 20
        case "g", "gb", "gib": 1 << 30
        case "t", "tb", "tib": 1 << 40
        default: nil
        }
    }
}
