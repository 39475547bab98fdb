/// How a chunk went: the lines at which something was checked, and what was wrong.
public struct ChunkReport: Sendable {
    /// A line of the file at which the chunk did not behave as it says.
    public struct Problem: Sendable, CustomStringConvertible {
        public let line: Int
        public let message: String
        /// An error came where one should, but with another message.
        public let isOnlyWording: Bool

        public var description: String { "line \(line): \(message)" }
    }

    /// Lines with an assertion that was reached or with an expected error; the chunk's first line stands
    /// for its having run to its end.
    public private(set) var checkedLines: Set<Int> = []
    /// In the order of lines, at most one a line.
    public var problems: [Problem] { problemsByLine.values.sorted { $0.line < $1.line } }
    private var problemsByLine: [Int: Problem] = [:]

    /// What suites compare their expectations with: peers tell in one text what is wrong and what to do.
    static func text(_ message: String, hint: String?) -> String {
        hint.map { "\(message) (\($0))" } ?? message
    }

    /// Notes that something was checked at a line.
    mutating func check(_ line: Int) { checkedLines.insert(line) }

    /// Notes a problem. The first of a line is kept, unless it is about words and the new one is not.
    mutating func fail(_ line: Int, _ message: String, isOnlyWording: Bool = false) {
        check(line)
        if let known = problemsByLine[line], isOnlyWording || !known.isOnlyWording { return }
        problemsByLine[line] = Problem(
            line: line, message: message, isOnlyWording: isOnlyWording)
    }
}
