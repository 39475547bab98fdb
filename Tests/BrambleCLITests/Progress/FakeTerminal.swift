@testable import BrambleCLI

/// A terminal as far as live lines need one: it shows text, breaks what is too wide, scrolls, and
/// obeys the few escape sequences that they use. Any other is a fault of the test's subject.
struct FakeTerminal {
    let columns: Int
    let rows: Int
    /// What was ever on the screen, oldest first, each row without trailing spaces.
    private(set) var lines: [String] = [""]
    private var row = 0
    private var column = 0
    /// What was not understood.
    private(set) var faults: [String] = []

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }

    /// Without the cursor's row, which is empty if all is well.
    var text: String { lines.prefix(row).map { $0 + "\n" }.joined() }

    /// Whether nothing is at and below the cursor.
    var isAtEnd: Bool { column == 0 && lines[row...].allSatisfy(\.isEmpty) }

    mutating func show(_ output: String) {
        var rest = Substring(output).unicodeScalars
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\u{1B}": obey(&rest)
            case "\r": column = 0
            case "\n": breakLine()
            default: put(scalar)
            }
        }
    }

    private mutating func obey(_ rest: inout Substring.UnicodeScalarView) {
        guard rest.popFirst() == "[" else { return faults.append("an escape without `[`") }
        let digits = String(Substring(rest.prefix { ("0"..."9").contains($0) || $0 == ";" }))
        rest = rest.dropFirst(digits.count)
        switch rest.popFirst() {
        case "A": row = max(row - (Int(digits) ?? 1), max(0, lines.count - rows))
        case "J":
            erase(from: column)
            lines.removeSubrange((row + 1)...)
        case "K": erase(from: column)
        case "m": break
        case let other: faults.append("an escape with \(String(describing: other))")
        }
    }

    private mutating func erase(from column: Int) {
        lines[row] = String(lines[row].prefix(column))
    }

    private mutating func breakLine() {
        row += 1
        column = 0
        if row == lines.count { lines.append("") }
    }

    /// Characters come from the margin on only, or behind others, as in all that is tested here.
    private mutating func put(_ scalar: Unicode.Scalar) {
        let width = TerminalText.width(of: String(scalar))
        if column + width > columns { breakLine() }
        if column < TerminalText.width(of: lines[row]) {
            faults.append("`\(scalar)` is written over `\(lines[row])`")
        }
        lines[row].unicodeScalars.append(scalar)
        column += width
    }
}
