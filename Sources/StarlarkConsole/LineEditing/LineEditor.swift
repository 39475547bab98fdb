/// Edits one input, of one line or several, key by key.
///
/// A plain value: it reads no keys and draws nothing. Its owner feeds it keys, does what the returned actions
/// say, and shows `view`.
struct LineEditor {
    enum Action: Equatable {
        /// Show the text anew.
        case redraw
        /// There is nothing to do for that key.
        case beep
        /// The enter key: if the text is complete, `accept()` it, else `breakLine()`.
        case submit(String)
        /// Find out how the text before the cursor can go on, and `offer` that.
        case complete(String)
        /// Ctrl-C: the text was given up.
        case interrupt
        /// Ctrl-D, on an empty line.
        case end
        /// Ctrl-L.
        case clearScreen
        /// Ctrl-Z.
        case suspend
    }

    var buffer = EditBuffer()
    var history: History
    /// Which entry of the history is shown; the one after the last stands for the text being written.
    var historyIndex: Int
    /// The text being written, while another one is shown.
    var draft = EditBuffer()
    var search: HistorySearch?
    /// What was removed last by a key that removes more than a character.
    var killed = ""
    /// Ways to go on, to be shown until the next key.
    var candidates: [String] = []

    init(history: History) {
        self.history = history
        historyIndex = history.entries.count
    }

    mutating func event(_ key: Key) -> Action {
        candidates = []
        if search != nil, let action = searchEvent(key) { return action }
        switch key {
        case .text(let scalar): return change { $0.insert(scalar) }
        case .paste(let text): return change { $0.insert(text) }
        case .enter:
            // Within a text of several lines the key does what it does elsewhere.
            guard buffer.isOnLastLine else { return breakLine() }
            return .submit(buffer.text)
        case .lineBreak: return breakLine()
        case .tab: return tab()
        case .escape: return .redraw
        case .backspace: return backspace()
        case .delete: return buffer.isAtEnd ? .beep : change { $0.remove(to: $0.cursor + 1) }
        case .deleteWordBackward: return kill(to: buffer.wordStart)
        case .deleteWordForward: return kill(to: buffer.wordEnd)
        case .left: return move(to: buffer.cursor - 1)
        case .right: return move(to: buffer.cursor + 1)
        case .wordLeft: return move(to: buffer.wordStart)
        case .wordRight: return move(to: buffer.wordEnd)
        case .home: return move(to: buffer.lineStart)
        case .end: return move(to: buffer.lineEnd)
        case .up:
            return buffer.isOnFirstLine ? recall(historyIndex - 1) : change { $0.moveLine(by: -1) }
        case .down:
            return buffer.isOnLastLine ? recall(historyIndex + 1) : change { $0.moveLine(by: 1) }
        case .control(let letter): return control(letter)
        }
    }

    /// The owner has taken the text: it goes into the history, and an empty one takes its place.
    ///
    /// - Returns: What is new in the history.
    mutating func accept() -> String? {
        var entry = buffer.text[...]
        while entry.last?.isWhitespace == true { entry.removeLast() }
        let isNew = history.add(String(entry))
        reset()
        return isNew ? String(entry) : nil
    }

    /// Ends the line, and indents the next one like it; deeper behind a colon.
    @discardableResult
    mutating func breakLine() -> Action {
        var indentation = buffer.indentation
        let line = buffer.characters[buffer.lineStart..<buffer.cursor]
        if line.last(where: { $0 != " " }) == ":" { indentation += LineEditor.indentation }
        return change { $0.insert("\n" + indentation) }
    }

    static let indentation = "    "

    // MARK: Keys

    private mutating func control(_ letter: Character) -> Action {
        switch letter {
        case "a": return move(to: buffer.lineStart)
        case "b": return move(to: buffer.cursor - 1)
        case "c":
            reset()
            return .interrupt
        case "d":
            if buffer.isEmpty { return .end }
            return buffer.isAtEnd ? .beep : change { $0.remove(to: $0.cursor + 1) }
        case "e": return move(to: buffer.lineEnd)
        case "f": return move(to: buffer.cursor + 1)
        case "k":
            // At the end of a line, the line end is what there is to remove.
            let end = buffer.lineEnd == buffer.cursor ? buffer.cursor + 1 : buffer.lineEnd
            return kill(to: min(end, buffer.characters.count))
        case "l": return .clearScreen
        case "n": return recall(historyIndex + 1)
        case "p": return recall(historyIndex - 1)
        case "r": return beginSearch()
        case "t": return change { $0.transpose() }
        case "u": return kill(to: buffer.lineStart)
        case "w": return kill(to: buffer.wordStart)
        case "y": return killed.isEmpty ? .beep : change { [killed] in $0.insert(killed) }
        case "z": return .suspend
        default: return .beep
        }
    }

    private mutating func backspace() -> Action {
        guard buffer.cursor > 0 else { return .beep }
        guard buffer.isInIndentation, buffer.cursor > buffer.lineStart else {
            return change { $0.remove(to: $0.cursor - 1) }
        }
        let width = LineEditor.indentation.count
        let excess = (buffer.cursor - buffer.lineStart - 1) % width + 1
        return change { $0.remove(to: $0.cursor - excess) }
    }

    private mutating func tab() -> Action {
        guard !buffer.isInIndentation else { return change { $0.insert(LineEditor.indentation) } }
        return .complete(buffer.textBeforeCursor)
    }

    // MARK: Parts

    private mutating func change(_ body: (inout EditBuffer) -> Void) -> Action {
        body(&buffer)
        return .redraw
    }

    private mutating func move(to position: Int) -> Action {
        let old = buffer.cursor
        buffer.move(to: position)
        return buffer.cursor == old ? .beep : .redraw
    }

    private mutating func kill(to position: Int) -> Action {
        guard position != buffer.cursor else { return .beep }
        killed = buffer.remove(to: position)
        return .redraw
    }

    private mutating func reset() {
        buffer = EditBuffer()
        draft = EditBuffer()
        search = nil
        historyIndex = history.entries.count
    }
}
