/// The names that are the same in every file, for tools that offer them.
public enum LanguageNames {
    /// What every file sees without defining it, sorted: `None`, `len`, `print` and so on.
    public static var universal: [String] { Universe.shared.names }

    /// The words that can't be names, of those that the language has a use for, sorted.
    public static let keywords = [
        "and", "break", "continue", "def", "elif", "else", "for", "if", "in", "lambda", "load",
        "not",
        "or", "pass", "return", "while",
    ]
}
