/// The last lines that a builder wrote: what a failure report shows.
struct LogTail: Equatable {
    /// As much as fits on a screen with the rest of the report.
    static let maximumLines = 25
    /// More of a line is of use to nobody who reads it on a screen; with it, a builder's log takes
    /// 200 kB at most.
    static let maximumLineScalars = 2_000

    /// Oldest first, without line ends.
    private(set) var lines: [String] = []
    /// How many lines there were in all.
    private(set) var lineCount = 0

    /// Adds whole lines.
    mutating func append(_ text: String) {
        let new = LogTail.lines(of: text)
        lineCount += new.count
        for line in new.suffix(LogTail.maximumLines) {
            // Nearly every line is shorter, which its bytes prove without a walk over the scalars.
            if line.utf8.count <= LogTail.maximumLineScalars {
                lines.append(String(line))
            } else {
                let head = line.unicodeScalars.prefix(LogTail.maximumLineScalars)
                lines.append(String(Substring(head)))
            }
        }
        lines.removeFirst(max(0, lines.count - LogTail.maximumLines))
    }

    /// The lines of a text, whether or not the last one has an end.
    static func lines(of text: String) -> [Substring] {
        // By bytes: characters would take a carriage return and a line feed for one.
        var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { Substring($0) }
    }

    /// The last line that one can see something of.
    var lastVisibleLine: String? {
        lines.last { line in line.utf8.contains { $0 > UInt8(ascii: " ") } }
    }
}
