import BrambleLang
import BrambleModel
import FoundationEssentials
import SourceDiagnostics
import TestKit
import Testing

/// Runs the examples of `docs/language.md`.
struct LanguageDocumentTests {
    struct Example: CustomTestStringConvertible, Sendable {
        let line: Int
        /// What stands behind `starlark`: nothing, `module NAME`, or `refused MESSAGE`.
        let words: String
        let text: String
        var testDescription: String { "line \(line)" }
    }

    static let examples: [Example] = {
        let path = URL(filePath: TextFile.path("", beside: #filePath))
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "docs/language.md").path
        guard let document = try? TextFile.read(path) else { return [] }
        var examples: [Example] = []
        var start: (line: Int, words: String)?
        var text = ""
        for (number, line) in document.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            if let (first, words) = start {
                if line == "```" {
                    examples.append(Example(line: first, words: words, text: text))
                    start = nil
                } else {
                    text += line + "\n"
                }
            } else if line.hasPrefix("```starlark") {
                let words = line.dropFirst("```starlark".count).drop { $0 == " " }
                start = (number + 1, String(words))
                text = ""
            }
        }
        return examples
    }()

    @Test func thereAreExamples() {
        #expect(LanguageDocumentTests.examples.count > 15)
    }

    @Test(arguments: examples)
    func example(_ example: Example) throws {
        var modules = ["./main": example.text]
        for other in LanguageDocumentTests.examples where other.words.hasPrefix("module ") {
            modules[String(other.words.dropFirst("module ".count))] = other.text
        }
        let evaluator = ModuleEvaluator(
            provider: TestModules(modules: modules, files: ["a.c", "b.c"]),
            options: try .test())
        let request = EvaluationRequest(try .local("main"))
        guard example.words.hasPrefix("refused ") else {
            _ = try evaluator.evaluate([request])
            return
        }
        let errors = #expect(throws: EvaluationErrors.self) { try evaluator.evaluate([request]) }
        let message = String(example.words.dropFirst("refused ".count))
        #expect(errors?.errors.contains { $0.messageWithHint.contains(message) } == true)
    }
}

extension EvaluationFault {
    /// The message with the hint behind it.
    var messageWithHint: String {
        switch self {
        case .diagnostic(let diagnostic): diagnostic.message + "; " + (diagnostic.hint ?? "")
        case .failure(let message, let hint, _), .limit(let message, let hint, _):
            message + "; " + (hint ?? "")
        }
    }
}
