/// A test file of several programs, with the errors that each must report.
///
/// A line that is just `---` ends a chunk. A `###` in a line starts an expectation: some error that
/// is reported for this line matches the regular expression behind it, which stands in double
/// quotes, in back quotes, or bare. Words like `option:set` anywhere in a chunk are options for its
/// host. The form is that of starlark-go's test data, so that such files can be read as they are.
public struct ChunkedFile: Sendable {
    /// What a line must report.
    public struct Expectation: Sendable, CustomStringConvertible {
        /// The line in the file, from 1.
        public let line: Int
        /// A regular expression.
        public let pattern: String
        /// Whether the pattern stands in quotes of either kind.
        public let isQuoted: Bool

        /// Whether the pattern is found in a message. A pattern that is no valid regular expression
        /// is looked for as it stands.
        public func matches(_ message: String) -> Bool {
            guard let regex = try? Regex(pattern) else { return message.contains(pattern) }
            return message.firstMatch(of: regex) != nil
        }

        public var description: String { "line \(line): \(pattern)" }
    }

    /// One program.
    public struct Chunk: Sendable, CustomStringConvertible {
        /// Where the chunk is, for the names of test cases: `file:line`.
        public let description: String
        /// The line of the file with which the chunk starts, from 1.
        public let firstLine: Int
        /// The chunk's text behind as many empty lines as are needed for its line numbers to be
        /// those of the file.
        public let text: String
        /// In the order of lines, of which each has at most one.
        public let expectations: [Expectation]
        /// The words behind `option:`.
        public let options: Set<String>

        public init(
            description: String, firstLine: Int, text: String, expectations: [Expectation],
            options: Set<String>
        ) {
            self.description = description
            self.firstLine = firstLine
            self.text = text
            self.expectations = expectations
            self.options = options
        }

        /// Compares reported errors with the expectations.
        ///
        /// - Returns: One line for each expectation that no error meets, and each error that was not
        ///   expected; empty if all is as it should be.
        public func mismatches(_ errors: [(line: Int, message: String)]) -> [String] {
            var problems: [String] = []
            for expectation in expectations
            where !errors.contains(where: {
                $0.line == expectation.line && expectation.matches($0.message)
            }) {
                problems.append("\(expectation): no such error")
            }
            for error in errors
            where !expectations.contains(where: {
                $0.line == error.line && $0.matches(error.message)
            }) {
                problems.append("line \(error.line): unexpected: \(error.message)")
            }
            return problems
        }
    }

    public let name: String
    public let chunks: [Chunk]

    /// Splits a text. The name is for descriptions only.
    public init(name: String, text: String) {
        self.name = name
        var chunks: [Chunk] = []
        var lines: [Substring] = []
        var firstLine = 1
        // Characters would take a carriage return and a line feed for one; both stay in the text.
        for line in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
            let line = Substring(line)
            if line == "---" || line == "---\r" {
                chunks.append(ChunkedFile.makeChunk(name, lines, firstLine: firstLine))
                firstLine += lines.count + 1
                lines = []
            } else {
                lines.append(line)
            }
        }
        chunks.append(ChunkedFile.makeChunk(name, lines, firstLine: firstLine))
        self.chunks = chunks
    }

    /// Reads and splits a file.
    public init(path: String) throws {
        self.init(name: path, text: try TextFile.read(path))
    }

    private static func makeChunk(
        _ name: String, _ lines: [Substring], firstLine: Int
    ) -> Chunk {
        var expectations: [Expectation] = []
        var options: Set<String> = []
        for (index, line) in lines.enumerated() {
            if let expectation = expectation(in: line, line: firstLine + index) {
                expectations.append(expectation)
            }
            for match in line.matches(of: /option: *(\w+)/) { options.insert(String(match.1)) }
        }
        let padding = String(repeating: "\n", count: firstLine - 1)
        return Chunk(
            description: "\(name):\(firstLine)", firstLine: firstLine,
            text: padding + lines.joined(separator: "\n"), expectations: expectations,
            options: options)
    }

    private static func expectation(in line: Substring, line number: Int) -> Expectation? {
        guard let marker = line.firstRange(of: "###") else { return nil }
        let rest = line[marker.upperBound...].drop { $0 == " " || $0 == "\t" }
        guard let quote = rest.first else { return nil }
        if quote == "`", let end = rest.dropFirst().firstIndex(of: "`") {
            let pattern = String(rest[rest.index(after: rest.startIndex)..<end])
            return Expectation(line: number, pattern: pattern, isQuoted: true)
        }
        if quote == "\"", let pattern = unquote(rest) {
            return Expectation(line: number, pattern: pattern, isQuoted: true)
        }
        let bare = rest.reversed().drop { $0.isWhitespace }.reversed()
        return Expectation(line: number, pattern: String(bare), isQuoted: false)
    }

    /// The content of a double-quoted text at the start, or nil if it is not closed.
    private static func unquote(_ text: Substring) -> String? {
        var content = ""
        var isEscaped = false
        for character in text.dropFirst() {
            if isEscaped {
                isEscaped = false
                switch character {
                case "n": content.append("\n")
                case "t": content.append("\t")
                default: content.append(character)
                }
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                return content
            } else {
                content.append(character)
            }
        }
        return nil
    }
}
