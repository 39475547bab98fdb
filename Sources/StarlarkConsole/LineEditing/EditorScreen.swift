import SourceDiagnostics

/// Draws a view on a terminal, over what it drew last.
///
/// Only relative movements are used, so that it works wherever on the screen the prompt is. Lines are broken
/// here rather than by the terminal, which makes the place of the cursor certain.
struct EditorScreen {
    /// How large the terminal is.
    struct Size: Equatable {
        var columns: Int
        var rows: Int
    }

    /// The row of the cursor, counted from the first row drawn.
    private var cursorRow = 0
    private let usesColor: Bool

    init(usesColor: Bool) {
        self.usesColor = usesColor
    }

    /// What to send to the terminal so that it shows the view.
    mutating func draw(_ view: EditorView, in size: Size) -> String {
        let layout = Layout(view, columns: max(size.columns, 2))
        // What has scrolled off the top can't be drawn over.
        let height = max(size.rows - 1, 1)
        let start = min(
            max(0, layout.cursorRow - height + 1), max(0, layout.rows.count - height))
        let shown = layout.rows[start..<min(start + height, layout.rows.count)]
        let row = layout.cursorRow - start

        var output = toStart + "\u{1B}[J"
        output += shown.map { paint($0) }.joined(separator: "\r\n") + "\r"
        let below = shown.count - 1 - row
        if below > 0 { output += "\u{1B}[\(below)A" }
        if layout.cursorColumn > 0 { output += "\u{1B}[\(layout.cursorColumn)C" }
        cursorRow = row
        return output
    }

    /// What to send when the input is over, so that other output comes below it.
    mutating func finish(_ view: EditorView, in size: Size) -> String {
        var last = view
        last.cursor = view.text.count
        last.footer = []
        let output = draw(last, in: size) + "\r\n"
        cursorRow = 0
        return output
    }

    /// The terminal was cleared, or something else was written: what was drawn is no more.
    mutating func forget() { cursorRow = 0 }

    private var toStart: String {
        cursorRow > 0 ? "\r\u{1B}[\(cursorRow)A" : "\r"
    }

    private func paint(_ row: Layout.Row) -> String {
        guard usesColor, !row.prompt.isEmpty else { return row.prompt + row.text }
        return "\u{1B}[1;32m\(row.prompt)\u{1B}[0m\(row.text)"
    }
}

/// A view broken into rows.
private struct Layout {
    struct Row {
        var prompt = ""
        var text = ""
        var width = 0
    }

    private(set) var rows: [Row] = []
    private(set) var cursorRow = 0
    private(set) var cursorColumn = 0
    private let columns: Int

    init(_ view: EditorView, columns: Int) {
        self.columns = columns
        begin(view.prompt)
        for (index, character) in view.text.enumerated() {
            if index == view.cursor { placeCursor() }
            if character == "\n" {
                begin(view.continuationPrompt)
            } else {
                add(character)
            }
        }
        if view.cursor == view.text.count { placeCursor() }
        for line in view.footer {
            rows.append(Row())
            for character in line where rows[rows.count - 1].width < columns - 1 { add(character) }
        }
    }

    private mutating func begin(_ prompt: String) {
        // A prompt that leaves no room is of no use.
        let width = prompt.count
        rows.append(width < columns ? Row(prompt: prompt, width: width) : Row())
    }

    private mutating func add(_ character: Character) {
        let cell = TerminalCell(character)
        if rows[rows.count - 1].width + cell.width > columns { rows.append(Row()) }
        rows[rows.count - 1].text += cell.text
        rows[rows.count - 1].width += cell.width
    }

    /// Behind a full row the cursor stands at the beginning of the next.
    private mutating func placeCursor() {
        if rows[rows.count - 1].width >= columns { rows.append(Row()) }
        cursorRow = rows.count - 1
        cursorColumn = rows[rows.count - 1].width
    }
}

/// A character as a terminal shows it.
struct TerminalCell: Equatable {
    var text: String
    var width: Int

    init(_ character: Character) {
        let scalars = character.unicodeScalars
        guard scalars.count > 1 else {
            let scalar = scalars.first ?? " "
            text = scalar == "\t" ? LineEditor.indentation : ExcerptCell.text(of: scalar)
            let shown = text.unicodeScalars
            width = shown.count == 1 ? ExcerptCell.width(of: shown.first ?? scalar) : shown.count
            return
        }
        // A base and what is combined with it; an emoji sequence, a flag, or a variant shown as emoji.
        text = scalars.contains { $0.value < 0x20 } ? "?" : String(character)
        let isWide = scalars.contains { scalar in
            scalar.value == 0xFE0F || (0x1F1E6...0x1F1FF).contains(scalar.value)
                || ExcerptCell.width(of: scalar) == 2
        }
        width = isWide ? 2 : 1
    }
}
