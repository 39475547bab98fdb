/// A regular expression of a test file.
struct Pattern {
    private let text: String
    /// Nil if the text is no regular expression: then it is looked for as it stands.
    private let regex: Regex<AnyRegexOutput>?

    init(_ text: String) {
        self.text = text
        // Most patterns that are no regular expressions are meant literally.
        regex = try? Regex(text).matchingSemantics(.unicodeScalar)
    }

    func isFound(in message: String) -> Bool {
        guard let regex else { return message.contains(text) }
        return message.firstMatch(of: regex) != nil
    }
}
