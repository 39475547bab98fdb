/// Texts with something in between: parts that must follow each other, with any text between them.
///
/// Not regular expressions: they can take for ever, and messages are full of what they use as
/// operators.
struct TextPattern {
    private let parts: [Substring]

    /// - Parameter text: The parts with `*` between them.
    init(_ text: String) {
        parts = text.split(separator: "*")
    }

    /// Whether the parts are in a text, in this order. Taking each as early as it comes finds them
    /// if anything does.
    func isFound(in text: String) -> Bool {
        var rest = Substring(text)
        for part in parts {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return true
    }
}
