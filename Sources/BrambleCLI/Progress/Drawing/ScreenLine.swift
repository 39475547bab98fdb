/// One row of a terminal, never wider than it is.
struct ScreenLine: Equatable {
    /// What to write, escape sequences for colours included.
    private(set) var text = ""
    /// How many columns it takes.
    private(set) var width = 0
    private let columns: Int
    private let usesColor: Bool

    init(columns: Int, usesColor: Bool) {
        self.columns = columns
        self.usesColor = usesColor
    }

    /// Adds as much of a text as there is room for.
    mutating func add(_ part: some StringProtocol, _ style: TextStyle = .plain) {
        let cut = TerminalText.cut(part, to: columns - width)
        text += style.paint(cut.text, usesColor: usesColor)
        width += cut.width
    }

    /// Adds spaces, so that what follows begins at a column.
    mutating func pad(to column: Int) {
        let count = min(column, columns) - width
        guard count > 0 else { return }
        text += String(repeating: " ", count: count)
        width += count
    }
}
