import Synchronization

/// The lines at the bottom of a terminal that show what runs, and whatever is written above them.
///
/// They are drawn ten times a second by a thread of their own, if anything has changed; whoever
/// writes something else meanwhile does it through `above`, so that nothing comes in between.
final class LiveConsole: Sendable {
    /// Faster than a reader sees; slow enough to cost nothing.
    static let interval = Duration.milliseconds(100)

    /// What is to be shown.
    struct Content {
        /// Whole lines that stay, and were not shown yet.
        var text: String
        var lines: [ScreenLine]
    }

    /// The terminal, and who knows what it is to show.
    struct Terminal: Sendable {
        var size: @Sendable () -> TerminalSize
        var write: @Sendable (String) -> Void
        /// The content for an area of a size; a text is handed over once.
        var content: @Sendable (TerminalSize) -> Content
    }

    private struct State {
        var screen = LiveScreen()
        /// Whether something was written above that does not end its line: nothing can be drawn.
        var isInLine = false
        var hasEnded = false
    }

    private let terminal: Terminal
    private let state = Mutex(State())

    init(_ terminal: Terminal) {
        self.terminal = terminal
    }

    /// Shows how things are now.
    func draw() {
        state.withLock { state in
            guard !state.isInLine, !state.hasEnded else { return }
            let size = terminal.size()
            // A column less, as a full row leaves the cursor in the next one on some terminals; and
            // a row less, for the cursor.
            let area = TerminalSize(columns: size.columns - 1, rows: size.rows - 1)
            let content = terminal.content(area)
            write(state.screen.draw(content.lines, below: content.text, columns: size.columns))
        }
    }

    /// Runs what writes to the terminal, now, above the lines.
    ///
    /// - Parameter endsLine: Whether the cursor is at the margin afterwards.
    func above(endsLine: Bool, _ body: () -> Void) {
        state.withLock { state in
            if !state.isInLine && !state.hasEnded { erase(&state) }
            body()
            state.isInLine = !endsLine
        }
    }

    /// Removes the lines for good.
    func end() {
        state.withLock { state in
            if !state.isInLine && !state.hasEnded { erase(&state) }
            state.hasEnded = true
        }
    }

    private func erase(_ state: inout State) {
        let text = terminal.content(TerminalSize(columns: 0, rows: 0)).text
        write(state.screen.draw([], below: text, columns: terminal.size().columns))
    }

    private func write(_ output: String) {
        if !output.isEmpty { terminal.write(output) }
    }
}
