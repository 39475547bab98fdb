/// The lines of one `.brambleignore`, a subset of what gitignore(5) knows.
struct IgnoreRules: Sendable {
    static let fileName = ".brambleignore"

    private struct Rule {
        var pattern: GlobPattern
        var isNegated: Bool
        var foldersOnly: Bool
        /// Matches from the file's folder; otherwise at any depth below.
        var isAnchored: Bool
    }

    private let rules: [Rule]

    /// - Parameter path: What messages call the file.
    /// - Throws: `configuration` for a pattern that cannot be read.
    init(_ bytes: [UInt8], path: String) throws(ProjectError) {
        var rules: [Rule] = []
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            var text = line
            while text.last == " " || text.last == "\t" { text.removeLast() }
            if text.isEmpty || text.hasPrefix("#") { continue }
            let isNegated = text.hasPrefix("!")
            if isNegated { text.removeFirst() }
            let foldersOnly = text.hasSuffix("/")
            if foldersOnly { text.removeLast() }
            let isAnchored = text.contains("/")
            if text.hasPrefix("/") { text.removeFirst() }
            do throws(ProjectError) {
                rules.append(
                    Rule(
                        pattern: try GlobPattern(String(text)), isNegated: isNegated,
                        foldersOnly: foldersOnly, isAnchored: isAnchored))
            } catch {
                throw ProjectError(error.code, "`\(path)`: \(error.message)", hint: error.hint)
            }
        }
        self.rules = rules
    }

    /// What the file says of a path below its folder: the last rule that matches decides; nil if
    /// none does.
    func ignores(_ path: [String], isFolder: Bool) -> Bool? {
        for rule in rules.reversed() where isFolder || !rule.foldersOnly {
            if rule.pattern.matches(rule.isAnchored ? path : [path[path.count - 1]]) {
                return !rule.isNegated
            }
        }
        return nil
    }
}
