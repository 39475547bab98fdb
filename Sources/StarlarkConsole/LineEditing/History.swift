/// What was typed before, oldest first.
struct History: Equatable {
    /// How many texts are kept, and of which size. What is larger was pasted rather than typed.
    static let maximumCount = 1_000
    static let maximumSizeBytes = 1 << 16

    private(set) var entries: [String] = []

    init(_ entries: [String] = []) {
        for entry in entries { add(entry) }
    }

    /// Adds a text, unless it is empty or what was added last.
    ///
    /// - Returns: Whether it was added.
    @discardableResult
    mutating func add(_ text: String) -> Bool {
        guard text.contains(where: { !$0.isWhitespace }), text != entries.last,
            text.utf8.count <= History.maximumSizeBytes
        else { return false }
        entries.append(text)
        if entries.count > History.maximumCount { entries.removeFirst() }
        return true
    }

    /// The newest text with `query` in it before position `limit`.
    func search(_ query: String, before limit: Int) -> Int? {
        entries[..<min(max(limit, 0), entries.count)].lastIndex { $0.contains(query) }
    }

    // MARK: As a file

    /// A text on one line: line feeds are written as `\n`, backslashes as `\\`.
    static func line(for entry: String) -> String {
        var line = ""
        for scalar in entry.unicodeScalars {
            switch scalar {
            case "\n": line += "\\n"
            case "\\": line += "\\\\"
            default: line.unicodeScalars.append(scalar)
            }
        }
        return line + "\n"
    }

    /// The texts of a file.
    init(file: String) {
        self.init(file.split(separator: "\n").map { History.entry(for: $0) })
    }

    private static func entry(for line: Substring) -> String {
        var entry = ""
        var isEscaped = false
        for scalar in line.unicodeScalars {
            if isEscaped {
                entry.unicodeScalars.append(scalar == "n" ? "\n" : scalar)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else {
                entry.unicodeScalars.append(scalar)
            }
        }
        return entry
    }
}
