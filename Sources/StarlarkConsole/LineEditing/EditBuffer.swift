/// A text and a cursor in it.
///
/// Positions count characters as people see them (grapheme clusters), so that the cursor never stands
/// inside of one. The text may have several lines.
struct EditBuffer: Equatable {
    private(set) var characters: [Character] = []
    /// The number of characters before the cursor.
    private(set) var cursor = 0

    init() {}

    /// A text with the cursor at its end.
    init(_ text: String) {
        characters = Array(text)
        cursor = characters.count
    }

    var text: String { String(characters) }
    var textBeforeCursor: String { String(characters[..<cursor]) }
    var isEmpty: Bool { characters.isEmpty }
    var isAtEnd: Bool { cursor == characters.count }

    // MARK: Changing

    mutating func insert(_ text: String) {
        // What is inserted may combine with what stands before it, or behind it.
        let before = String(characters[..<cursor]) + text
        let after = String(characters[cursor...])
        characters = Array(before + after)
        cursor = min(before.count, characters.count)
    }

    /// Inserts one character, or what makes the one before the cursor another.
    mutating func insert(_ scalar: Unicode.Scalar) {
        if cursor > 0, scalar.value > 0x7F {
            let joined = String(characters[cursor - 1]) + String(scalar)
            if joined.count == 1, let character = joined.first {
                characters[cursor - 1] = character
                return
            }
        }
        characters.insert(Character(scalar), at: cursor)
        cursor += 1
    }

    /// Removes what is between the cursor and another position.
    ///
    /// - Returns: What was removed.
    @discardableResult
    mutating func remove(to position: Int) -> String {
        let range = min(cursor, position)..<max(cursor, position)
        let removed = String(characters[range])
        characters.removeSubrange(range)
        cursor = range.lowerBound
        return removed
    }

    /// Changes the two characters around the cursor, or the last two, with one another.
    mutating func transpose() {
        guard cursor > 0, characters.count > 1 else { return }
        if isAtEnd { cursor -= 1 }
        characters.swapAt(cursor - 1, cursor)
        cursor += 1
    }

    // MARK: Places

    mutating func move(to position: Int) { cursor = min(max(position, 0), characters.count) }

    /// Where the line of the cursor begins.
    var lineStart: Int {
        (characters[..<cursor].lastIndex(of: "\n") ?? -1) + 1
    }

    /// Where it ends: at a line feed, or where the text ends.
    var lineEnd: Int {
        characters[cursor...].firstIndex(of: "\n") ?? characters.count
    }

    var isOnFirstLine: Bool { lineStart == 0 }
    var isOnLastLine: Bool { lineEnd == characters.count }

    /// The beginning of the word before the cursor.
    var wordStart: Int {
        var position = cursor
        while position > 0, !EditBuffer.isWord(characters[position - 1]) { position -= 1 }
        while position > 0, EditBuffer.isWord(characters[position - 1]) { position -= 1 }
        return position
    }

    /// The end of the word behind the cursor.
    var wordEnd: Int {
        var position = cursor
        while position < characters.count, !EditBuffer.isWord(characters[position]) {
            position += 1
        }
        while position < characters.count, EditBuffer.isWord(characters[position]) {
            position += 1
        }
        return position
    }

    private static func isWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }

    /// Moves the cursor to the line above or below, as near to its column as can be.
    mutating func moveLine(by step: Int) {
        let column = cursor - lineStart
        move(to: step < 0 ? lineStart - 1 : lineEnd + 1)
        move(to: min(lineStart + column, lineEnd))
    }

    /// The spaces and tabs that the line of the cursor begins with, up to the cursor.
    var indentation: String {
        String(characters[lineStart..<cursor].prefix { $0 == " " || $0 == "\t" })
    }

    /// Whether only white space stands between the line's beginning and the cursor.
    var isInIndentation: Bool { indentation.count == cursor - lineStart }
}
