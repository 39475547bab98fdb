/// Keeps some lines below all else that a terminal shows, by drawing them over and over.
///
/// Only relative movements are used, and the cursor is left at the margin below the last line. So
/// there is nothing to put right when the process ends, however it does: what was drawn last stays,
/// and a shell's prompt comes below it.
struct LiveScreen {
    private var drawn: [ScreenLine] = []
    private var columns = 0

    /// What to send to the terminal so that `text` and `lines` stand where the lines of last time did.
    ///
    /// - Parameters:
    ///   - lines: Narrower than the terminal, so that none of them is broken, and fewer than it has
    ///     rows, as what has scrolled off the top can't be drawn over.
    ///   - text: Whole lines, which stay.
    ///   - columns: The width of the terminal.
    /// - Returns: Nothing if nothing changes.
    mutating func draw(_ lines: [ScreenLine], below text: String, columns: Int) -> String {
        guard !text.isEmpty || lines != drawn || columns != self.columns else { return "" }
        let oldRows = rows(in: columns)
        var output = oldRows > 0 ? "\r\u{1B}[\(oldRows)A" : ""
        if !text.isEmpty { output += "\u{1B}[J" + text }
        // Erasing each row just before it is written keeps the rest from flickering. What is erased in
        // the end is what is left of longer frames, and what the user has typed, as `^C`.
        for line in lines { output += "\u{1B}[K" + line.text + "\n" }
        output += "\u{1B}[J"
        drawn = lines
        self.columns = columns
        return output
    }

    /// How many rows the lines take now; a terminal that was made narrower has broken them.
    private func rows(in columns: Int) -> Int {
        drawn.reduce(0) { $0 + max(1, ($1.width + columns - 1) / max(columns, 1)) }
    }
}
