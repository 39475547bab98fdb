import Glibc
import SourceDiagnostics
package import Starlark

/// Reads texts, runs each, shows what comes of it, until there are no more.
package struct InteractiveLoop {
    private let name: String
    private let version: String
    private let session: InteractiveSession
    private let standardOutput: OutputStream
    private let reporter: ErrorReporter
    private let interruption: Interruption
    private let environment: Environment
    private var count = 0

    /// - Parameters:
    ///   - name: Of the command, for the file that keeps what was typed.
    ///   - version: The first line that a person sees begins with it.
    ///   - environment: What the session was made with.
    package init(
        name: String, version: String, session: InteractiveSession, environment: Environment,
        standardOutput: OutputStream, reporter: ErrorReporter, interruption: Interruption
    ) {
        self.name = name
        self.version = version
        self.session = session
        self.environment = environment
        self.standardOutput = standardOutput
        self.reporter = reporter
        self.interruption = interruption
    }

    /// - Returns: When the input has ended, or what is printed can't be written any more.
    package mutating func run() {
        if Terminal.isUsable {
            greet()
            let completion = makeCompletion()
            var input = EditedInput(
                usesColor: reporter.usesColor, historyFile: .standard(for: name),
                isIncomplete: makeCompletenessCheck(), complete: { completion($0) })
            loop(&input)
        } else {
            let isWatched = isatty(STDIN_FILENO) != 0
            var input = PlainInput(
                promptOutput: isWatched ? .standardError() : nil,
                isIncomplete: makeCompletenessCheck())
            loop(&input)
        }
    }

    private mutating func loop(_ input: inout some InputSource) {
        while standardOutput.failure == nil {
            switch input.next() {
            case .text(let text): run(text)
            case .interruption: continue
            case .end: return
            }
        }
    }

    /// What is typed by those who know the sessions of other languages.
    private static let farewells: Set = ["exit", "exit()", "quit", "quit()"]

    private mutating func run(_ text: String) {
        guard text.contains(where: { !$0.isWhitespace }) else { return }
        count += 1
        interruption.begin()
        defer { interruption.end() }
        interruption.add(session.evaluator.cancellation)
        do {
            let value = try session.run(SourceFile(name: "<input \(count)>", text: text))
            if let value, !value.isNone { standardOutput.write("\(value)\n") }
            standardOutput.flush()
        } catch {
            standardOutput.flush()
            _ = reporter.report(error)
            if InteractiveLoop.farewells.contains(text.filter { !$0.isWhitespace }) {
                reporter.hint("Ctrl-D ends the session")
            }
        }
    }

    private func greet() {
        standardOutput.write(version + "; Tab completes, Ctrl-D ends\n")
        standardOutput.flush()
    }

    // MARK: What the input asks

    private func makeCompletenessCheck() -> (String) -> Bool {
        let dialect = session.dialect
        return { text in
            let file = SourceFile(name: "", text: text)
            return SyntaxTree.completeness(of: file, dialect: dialect) == .incomplete
        }
    }

    private func makeCompletion() -> NameCompletion {
        let session = session
        let environment = environment
        let fixedNames =
            environment.names.sorted() + LanguageNames.universal + LanguageNames.keywords
        return NameCompletion(
            names: { session.names + fixedNames },
            attributes: { path in
                guard let first = path.first, var value = session[first] ?? environment[first]
                else { return [] }
                for name in path.dropFirst() {
                    // A name that does not exist has no attributes; that it fails is not of interest.
                    guard let next = try? value.attributeIfPresent(name) else { return [] }
                    value = next
                }
                return value.attributeNames
            })
    }
}
