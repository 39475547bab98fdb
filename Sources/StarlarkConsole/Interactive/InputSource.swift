/// Where an interactive session gets its texts from.
protocol InputSource {
    mutating func next() -> InteractiveInput
}

enum InteractiveInput: Equatable {
    /// A whole text, complete or hopeless.
    case text(String)
    /// Ctrl-C.
    case interruption
    case end
}

/// The prompts of an interactive session: the first before a text, the second before its further lines.
enum Prompt {
    static let first = ">>> "
    static let continuation = "... "
}
