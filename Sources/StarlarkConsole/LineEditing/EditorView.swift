/// What an editor wants to be seen of it.
struct EditorView: Equatable {
    /// Before the first line, and before each of the others.
    var prompt: String
    var continuationPrompt: String
    var text: [Character]
    var cursor: Int
    /// Lines below the text.
    var footer: [String]
}

extension LineEditor {
    /// What is to be seen between the given prompts.
    func view(prompt: String, continuationPrompt: String, columns: Int) -> EditorView {
        var prompt = prompt
        if let search {
            prompt = (search.hasFailed ? "no `" : "search `") + search.query + "`: "
        }
        return EditorView(
            prompt: prompt, continuationPrompt: continuationPrompt, text: buffer.characters,
            cursor: buffer.cursor, footer: LineEditor.table(candidates, columns: columns))
    }

    /// More than that fits on no screen.
    private static let maximumFooterLines = 12

    /// Words in columns, sorted downwards.
    private static func table(_ words: [String], columns: Int) -> [String] {
        guard let longest = words.map(\.count).max() else { return [] }
        let width = longest + 2
        let perLine = max(1, columns / width)
        let lineCount = (words.count + perLine - 1) / perLine
        var lines = (0..<min(lineCount, maximumFooterLines)).map { row in
            stride(from: row, to: words.count, by: lineCount).map { index in
                let word = words[index]
                return word + String(repeating: " ", count: width - word.count)
            }.joined()
        }
        if lineCount > maximumFooterLines { lines.append("… \(words.count) in all") }
        return lines
    }
}
