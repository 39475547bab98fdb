/// Replaces `{a,b}` in patterns by its alternatives.
enum GlobBraces {
    /// The pattern once for each choice, in the order of the text. Braces may nest.
    ///
    /// - Throws: `configuration` for a brace without its partner, `limit` for too many choices.
    static func expand(_ text: String) throws(ProjectError) -> [String] {
        var results: [String] = []
        var pending = [text]
        while let next = pending.popLast() {
            guard let group = try innermost(Array(next), of: text) else {
                results.append(next)
                continue
            }
            pending += group.reversed()
            guard results.count + pending.count <= GlobPattern.maximumAlternatives else {
                throw ProjectError(
                    .limit,
                    "the braces of `\(text)` have more than \(GlobPattern.maximumAlternatives) "
                        + "alternatives")
            }
        }
        return results
    }

    /// The text with its first group of braces that holds no other replaced by each alternative; nil
    /// without braces.
    private static func innermost(
        _ text: [Character], of pattern: String
    ) throws(ProjectError) -> [String]? {
        var open: Int?
        for (index, character) in text.enumerated() {
            if character == "{" { open = index }
            guard character == "}" else { continue }
            guard let start = open else { throw unbalanced(pattern) }
            let choices = text[(start + 1)..<index].split(
                separator: ",", omittingEmptySubsequences: false)
            return choices.map { String(text[..<start] + $0 + text[(index + 1)...]) }
        }
        if open != nil { throw unbalanced(pattern) }
        return nil
    }

    private static func unbalanced(_ pattern: String) -> ProjectError {
        ProjectError(
            .configuration, "the braces of `\(pattern)` do not match",
            hint: "write alternatives as `*.{c,h}`")
    }
}
