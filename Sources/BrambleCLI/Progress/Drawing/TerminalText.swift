import SourceDiagnostics

/// Foreign text as it may stand on a terminal: nothing in it moves the cursor, changes colours or
/// mirrors what stands beside it.
enum TerminalText {
    /// How many columns a text takes that is shown as `visible` has it.
    static func width(of text: some StringProtocol) -> Int {
        text.unicodeScalars.reduce(0) { sum, scalar in sum + Cell(scalar).width }
    }

    /// The text with stand-ins for what is not printed.
    ///
    /// - Parameter keepsTabs: For text that begins at the margin; else a tab is a space.
    static func visible(_ text: some StringProtocol, keepsTabs: Bool = false) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            result += keepsTabs && scalar == "\t" ? "\t" : Cell(scalar).text
        }
        return result
    }

    /// The visible text, cut to a number of columns; `…` stands for what is missing.
    ///
    /// Looks at no more of the text than is shown.
    static func cut(_ text: some StringProtocol, to columns: Int) -> (text: String, width: Int) {
        if let plain = cutPlain(text, to: columns) { return plain }
        var shown = ""
        var width = 0
        /// How far the text goes if the mark must still have room.
        var short = (end: shown.endIndex, width: 0)
        for scalar in text.unicodeScalars {
            let cell = Cell(scalar)
            if width + cell.width > columns {
                guard columns > 0 else { return ("", 0) }
                return (shown[..<short.end] + "…", short.width + 1)
            }
            shown += cell.text
            width += cell.width
            if width < columns { short = (shown.endIndex, width) }
        }
        return (shown, width)
    }

    /// Nearly all text is printable ASCII, where bytes are columns.
    ///
    /// - Returns: nil if it is something else.
    private static func cutPlain(
        _ text: some StringProtocol, to columns: Int
    ) -> (text: String, width: Int)? {
        // One byte more than there is room for: a mark there would change the character before it.
        let head = text.utf8.prefix(max(columns, 0) + 1)
        guard columns > 0, head.allSatisfy({ (0x20..<0x7F).contains($0) }) else { return nil }
        if head.count <= columns { return (String(text), head.count) }
        let end = text.utf8.index(text.startIndex, offsetBy: columns - 1)
        return (text[..<end] + "…", columns)
    }

    /// What a terminal shows for one scalar of a text.
    private struct Cell {
        let text: String
        let width: Int

        init(_ scalar: Unicode.Scalar) {
            switch scalar.value {
            case 0x20..<0x7F:
                (text, width) = (String(scalar), 1)
            case 0x09:
                (text, width) = (" ", 1)
            case 0xFE00...0xFE0F:
                // Variation selectors make the width of what stands before them uncertain.
                (text, width) = ("", 0)
            default:
                text = ExcerptCell.text(of: scalar)
                width = text.unicodeScalars.reduce(0) { $0 + ExcerptCell.width(of: $1) }
            }
        }
    }
}
