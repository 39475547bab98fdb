/// What a key press, or a paste, means to a line editor.
enum Key: Equatable {
    /// A character that is text, or a part of one.
    case text(Unicode.Scalar)
    /// What the terminal says was pasted, with line feeds for line ends.
    case paste(String)
    /// Ctrl and a letter, which is in lower case.
    case control(Character)
    case enter
    /// Alt and the enter key.
    case lineBreak
    case tab, escape
    case backspace, delete
    case deleteWordBackward, deleteWordForward
    case left, right, up, down
    case wordLeft, wordRight
    case home, end
}
