import Glibc

/// Lets a person edit texts at a terminal.
struct EditedInput: InputSource {
    private var editor: LineEditor
    private var screen: EditorScreen
    private let historyFile: HistoryFile?
    private let isIncomplete: (String) -> Bool
    private let complete: (String) -> Completion

    /// An escape byte on its own for so long is the escape key.
    private static let escapeDelay = Duration.milliseconds(50)

    init(
        usesColor: Bool, historyFile: HistoryFile?, isIncomplete: @escaping (String) -> Bool,
        complete: @escaping (String) -> Completion
    ) {
        self.historyFile = historyFile
        self.isIncomplete = isIncomplete
        self.complete = complete
        editor = LineEditor(history: historyFile?.read() ?? History())
        screen = EditorScreen(usesColor: usesColor)
    }

    mutating func next() -> InteractiveInput {
        while true {
            do throws(FileFailure) {
                // The terminal is itself again before the process stops, or anything is run.
                if let input = read(from: try Terminal()) { return input }
            } catch {
                return .end
            }
            kill(0, SIGTSTP)
        }
    }

    /// - Returns: Nil for Ctrl-Z, which is to stop the process; the text is kept.
    private mutating func read(from terminal: consuming Terminal) -> InteractiveInput? {
        var decoder = KeyDecoder()
        redraw(terminal)
        while true {
            let key: Key?
            switch terminal.next(timeOut: decoder.isAfterEscape ? EditedInput.escapeDelay : nil) {
            case .byte(let byte): key = decoder.feed(byte)
            case .timeOut: key = decoder.timeOut()
            case .interruption:
                redraw(terminal)
                continue
            case .end:
                leave(view, terminal)
                return .end
            }
            guard let key else { continue }
            let before = view
            var action = editor.event(key)
            if case .complete(let text) = action { action = editor.offer(complete(text)) }
            switch action {
            case .redraw, .complete: redraw(terminal)
            case .beep:
                terminal.write("\u{07}")
                redraw(terminal)
            case .clearScreen:
                screen.forget()
                terminal.write("\u{1B}[H\u{1B}[2J")
                redraw(terminal)
            case .suspend:
                leave(before, terminal)
                return nil
            case .interrupt:
                leave(before, terminal)
                return .interruption
            case .end:
                leave(before, terminal)
                return .end
            case .submit(let text):
                if isIncomplete(text + "\n") {
                    editor.breakLine()
                    redraw(terminal)
                    continue
                }
                leave(view, terminal)
                if let entry = editor.accept() { historyFile?.append(entry) }
                return .text(text + "\n")
            }
        }
    }

    // MARK: Drawing

    private var view: EditorView {
        editor.view(
            prompt: Prompt.first, continuationPrompt: Prompt.continuation,
            columns: Terminal.size.columns)
    }

    private mutating func redraw(_ terminal: borrowing Terminal) {
        terminal.write(screen.draw(view, in: Terminal.size))
    }

    private mutating func leave(_ view: EditorView, _ terminal: borrowing Terminal) {
        terminal.write(screen.finish(view, in: Terminal.size))
    }
}
