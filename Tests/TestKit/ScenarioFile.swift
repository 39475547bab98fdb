import FoundationEssentials

/// A text file that is a test of a command: the lines to run, the files they find, what comes of them.
///
/// ```text
/// What the scenario is about, in a sentence.
///
/// $ starlark main.star
/// -- main.star --
/// print(1 // 0)
/// -- expected --
/// $ starlark main.star
/// ! error: division by zero
/// = 3
/// ```
///
/// Behind each command of the last part stand the lines of its standard output, marked `|`, those of its
/// standard error, marked `!`, and its status, marked `=`, unless it is 0. With
/// `BRAMBLE_UPDATE_GOLDEN=1` in the environment that part is written instead of compared.
public struct ScenarioFile: Sendable, CustomStringConvertible {
    public let path: String
    /// Lines for the shell, in order.
    public let commands: [String]
    /// The files, in order; the text of the last part is not among them.
    public let files: [(name: String, text: String)]

    /// Everything before the last part, as it stands.
    private let head: String
    private let expected: String

    public var description: String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return name.hasSuffix(".txt") ? String(name.dropLast(4)) : name
    }

    public init(path: String) throws {
        self.path = path
        var commands: [String] = []
        var files: [(name: String, text: String)] = []
        var head = ""
        var expected: String?
        for line in try TextFile.read(path).split(separator: "\n", omittingEmptySubsequences: false)
        {
            if expected != nil {
                expected? += line + "\n"
                continue
            }
            if line == "-- expected --" {
                expected = ""
                continue
            }
            head += line + "\n"
            if line.hasPrefix("-- "), line.hasSuffix(" --"), line.count > 6 {
                files.append((String(line.dropFirst(3).dropLast(3)), ""))
            } else if !files.isEmpty {
                files[files.count - 1].text += line + "\n"
            } else if line.hasPrefix("$ ") {
                commands.append(String(line.dropFirst(2)))
            }
        }
        self.commands = commands
        self.files = files
        if expected == nil {
            // The line end of the file's last line has made one line too many.
            self.head = String(head.dropLast())
        } else {
            self.head = head
        }
        self.expected = String((expected ?? "\n").dropLast())
    }

    /// The scenarios in the folder `Scenarios` beside a test, by name.
    public static func all(besides sourceFile: String = #filePath) throws -> [ScenarioFile] {
        let folder = TextFile.path("Scenarios", beside: sourceFile)
        return try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".txt") }.sorted()
            .map { try ScenarioFile(path: folder + "/" + $0) }
    }

    /// Runs the commands in a new folder with the files, and compares.
    ///
    /// - Parameters:
    ///   - searchPath: Where the commands are found.
    ///   - environment: What else is in the environment, `NAME=value` each.
    /// - Throws: `GoldenFile.Mismatch`, with the first line that differs.
    public func check(searchPath: [String], environment: [String] = []) throws {
        let folder = try ScratchFolder()
        for file in files { try folder.write(file.text, to: file.name) }
        let shell = ShellCommand(
            folder: folder.path,
            environment: [
                "PATH=" + (searchPath + ["/usr/bin", "/bin"]).joined(separator: ":"),
                "HOME=" + folder.path, "LC_ALL=C.UTF-8",
            ] + environment)
        var actual = ""
        for command in commands {
            actual += transcript(command, try shell.run(command), folder.path)
        }
        if ProcessInfo.processInfo.environment["BRAMBLE_UPDATE_GOLDEN"] == "1" {
            try TextFile.write(head + "-- expected --\n" + actual, to: path)
        } else if actual != expected {
            let firstLine = head.split(separator: "\n", omittingEmptySubsequences: false).count
            throw GoldenFile.Mismatch(
                path: path, expected: expected, actual: actual, firstLine: firstLine + 1)
        }
    }

    private func transcript(
        _ command: String, _ outcome: ShellCommand.Outcome, _ folder: String
    ) -> String {
        var text = "$ \(command)\n"
        text += marked(outcome.standardOutput.replacing(folder, with: "/FOLDER"), "|")
        text += marked(outcome.standardError.replacing(folder, with: "/FOLDER"), "!")
        if outcome.status != 0 { text += "= \(outcome.status)\n" }
        return text
    }

    /// A mark before each line; a last line without line end is followed by one that says so.
    private func marked(_ text: String, _ mark: String) -> String {
        guard !text.isEmpty else { return "" }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() } else { lines.append("\\ no line end") }
        return lines.map { $0.isEmpty ? mark : "\(mark) \($0)" }.joined(separator: "\n") + "\n"
    }
}
