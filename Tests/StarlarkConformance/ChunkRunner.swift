import SourceDiagnostics
public import Starlark
public import TestKit

/// Runs the chunks of a suite and finds out where they do not behave as they say.
public struct ChunkRunner: Sendable {
    public let rules: SuiteRules
    private let limits: EvaluationLimits

    /// A chunk that takes more steps than this does not end: the longest takes a few million.
    public static let defaultLimits = EvaluationLimits(
        steps: 200_000_000, allocatedBytes: 2 << 30)

    public init(_ rules: SuiteRules, limits: EvaluationLimits = defaultLimits) {
        self.rules = rules
        self.limits = limits
    }

    public func run(_ chunk: ChunkedFile.Chunk, of fileName: String) -> ChunkReport {
        let file = SourceFile(name: fileName, text: chunk.text)
        let functions = TestFunctions(file: file, recorder: .init())
        let errors = self.errors(file, rules.dialect(chunk.options), functions)
        var report = functions.recorder.report
        compare(errors, with: chunk, &report)
        return report
    }

    // MARK: Running

    private struct ReportedError {
        var line: Int
        var message: String
    }

    private func errors(
        _ file: SourceFile, _ dialect: Dialect, _ functions: TestFunctions
    ) -> [ReportedError] {
        do {
            try run(file, dialect, functions)
            return []
        } catch let error as SyntaxErrors {
            return error.diagnostics.map {
                ReportedError(
                    line: file.location(of: $0.span.start).line,
                    message: ChunkReport.text($0.message, hint: $0.hint))
            }
        } catch let error as EvaluationError {
            let frame = error.callStack.last { $0.file === file }
            let line = frame.map { file.location(of: $0.span.start).line }
            let message = ChunkReport.text(error.message, hint: error.hint)
            return [ReportedError(line: line ?? 1, message: message)]
        } catch {
            return [ReportedError(line: 1, message: "\(error)")]
        }
    }

    private func run(
        _ file: SourceFile, _ dialect: Dialect, _ functions: TestFunctions
    ) throws {
        if rules.stage == .parse {
            _ = try SyntaxTree.parse(file, dialect: dialect)
            return
        }
        let environment = TestEnvironment(functions)
        let predeclared = try environment.predeclared(rules)
        let program = try Program.compile(
            file, dialect: dialect, predeclared: predeclared.names)
        guard rules.stage == .run else { return }
        let evaluator = Evaluator(limits: limits)
        evaluator.setLoadHandler(environment.load)
        _ = try evaluator.run(program, environment: predeclared)
    }

    // MARK: Expectations

    private func compare(
        _ errors: [ReportedError], with chunk: ChunkedFile.Chunk, _ report: inout ChunkReport
    ) {
        let expectations = self.expectations(of: chunk)
        if expectations.isEmpty { report.check(chunk.firstLine) }
        var unexpected = errors
        for expectation in expectations {
            report.check(expectation.line)
            let candidates = unexpected.indices.filter {
                rules.ignoresLines || unexpected[$0].line == expectation.line
            }
            if let found = candidates.first(where: { expectation.accepts(unexpected[$0].message) })
            {
                unexpected.remove(at: found)
            } else if let found = candidates.first {
                report.fail(
                    expectation.line,
                    "\(unexpected[found].message): does not match \(expectation.text)",
                    isOnlyWording: true)
                unexpected.remove(at: found)
            } else if !expectation.isOptional {
                report.fail(expectation.line, "no error, want one that matches \(expectation.text)")
            }
        }
        // A mistake may lead to several errors of which any will do.
        unexpected.removeAll { error in
            expectations.contains { $0.line == error.line && $0.accepts(error.message) }
        }
        for error in unexpected { report.fail(error.line, "unexpected error: \(error.message)") }
    }

    /// What a line must report, in one of several forms.
    private struct Expectation {
        var line: Int
        var patterns: [String]
        /// Some implementations report nothing.
        var isOptional = false
        var isLenient: Bool

        var text: String { patterns.joined(separator: " or ") }

        func accepts(_ message: String) -> Bool {
            patterns.contains { pattern in
                if !isLenient { return Pattern(pattern).isFound(in: message) }
                let (pattern, message) = (pattern.lowercased(), message.lowercased())
                return message.contains(pattern) || Pattern(pattern).isFound(in: message)
            }
        }
    }

    private func expectations(of chunk: ChunkedFile.Chunk) -> [Expectation] {
        if rules.expectsNoErrors { return [] }
        let all = chunk.expectations.map {
            Expectation(line: $0.line, patterns: [$0.pattern], isLenient: rules.isLenient)
        }
        guard rules.isLenient, let first = chunk.expectations.first else { return all }
        // One error ends a chunk, so the expectations are about the same error: of all implementations, or
        // of one each. What any implementation does will do.
        var patterns: [String] = []
        var implementations = 0
        for expectation in chunk.expectations {
            if let match = expectation.pattern.firstMatch(of: /^(go|java|rust): *(.*)/) {
                implementations += 1
                patterns.append(String(match.2))
            } else {
                implementations = 3
                patterns.append(expectation.pattern)
            }
        }
        return [
            Expectation(
                line: first.line, patterns: patterns, isOptional: implementations < 3,
                isLenient: true)
        ]
    }
}
