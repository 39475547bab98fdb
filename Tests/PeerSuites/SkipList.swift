import TestKit

/// What peers' suites demand that we do otherwise, with the reasons.
///
/// A line is `SUITE FILE LINES KIND REASON`, where FILE is a path below the suite's folder and LINES are
/// numbers and ranges with commas between them, or `*` for all of the file. Lines that begin with `#`
/// are comments. A skip that is not needed is an error: it hides what it was not made for.
struct SkipList {
    enum Kind: String {
        /// The line's assertion does not hold, or its expected error does not come.
        case differs
        /// The error comes, with another message.
        case wording
        /// The lines are left out, as they would end the chunk.
        case omit
    }

    struct Entry {
        var suite: String
        var file: String
        /// Empty for the whole file.
        var lines: [ClosedRange<Int>]
        var kind: Kind
    }

    /// A line that is no entry.
    struct FormatError: Error, CustomStringConvertible {
        let description: String
    }

    private(set) var entries: [Entry] = []

    init(path: String) throws {
        for line in try TextFile.read(path).split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ", maxSplits: 4)
            guard words.count == 5, let kind = Kind(rawValue: String(words[3])),
                let lines = SkipList.lines(words[2])
            else { throw FormatError(description: "\(path): no valid entry: \(line)") }
            entries.append(
                Entry(suite: String(words[0]), file: String(words[1]), lines: lines, kind: kind))
        }
    }

    private static func lines(_ text: Substring) -> [ClosedRange<Int>]? {
        if text == "*" { return [] }
        var lines: [ClosedRange<Int>] = []
        for part in text.split(separator: ",") {
            let bounds = part.split(separator: "-").compactMap { Int($0) }
            guard let first = bounds.first, let last = bounds.last, bounds.count <= 2, first <= last
            else { return nil }
            lines.append(first...last)
        }
        return lines
    }

    /// The entries that concern a file.
    func entries(suite: String, file: String) -> FileSkips {
        var skips = FileSkips()
        for entry in entries where entry.suite == suite && entry.file == file {
            if entry.lines.isEmpty { skips.skipsAll = true }
            switch entry.kind {
            case .differs: skips.differing.formUnion(entry.lines.joined())
            case .wording: skips.worded.formUnion(entry.lines.joined())
            case .omit: skips.omitted += entry.lines
            }
        }
        return skips
    }
}

/// The lines of one file that are skipped.
struct FileSkips {
    var skipsAll = false
    var differing: Set<Int> = []
    var worded: Set<Int> = []
    /// Lines that belong together stand in one range.
    var omitted: [ClosedRange<Int>] = []
}
