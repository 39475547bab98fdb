import SourceDiagnostics
import Testing

@testable import Starlark

/// An expression, and what `repr` makes of its value, or the message and hint of its error.
struct ExpressionCase: CustomTestStringConvertible, Sendable {
    let source: String
    let outcome: String

    var testDescription: String { source }

    /// Cases from lines of the form `source => outcome`.
    static func table(_ text: String) -> [ExpressionCase] {
        text.split(separator: "\n").map { line in
            let parts = line.split(separator: " => ", maxSplits: 1)
            precondition(parts.count == 2, "every line needs an arrow: \(line)")
            return ExpressionCase(source: String(parts[0]), outcome: String(parts[1]))
        }
    }

    func check(environment: Environment = Environment()) {
        #expect(ExpressionCase.evaluate(source, environment: environment) == outcome)
    }

    static func evaluate(_ source: String, environment: Environment = Environment()) -> String {
        do {
            let module = try run("result = repr(\(source))", environment: environment)
            return module.word("result").map { StringObject($0).text } ?? "no result"
        } catch let error as EvaluationError {
            return "error: \(error.message)" + (error.hint.map { " (\($0))" } ?? "")
        } catch {
            return "not valid: \(error)"
        }
    }

    /// Runs a file in which the names of the environment are predeclared.
    static func run(_ source: String, environment: Environment = Environment()) throws -> Module {
        let program = try Program.compile(
            SourceFile(name: "test.star", bytes: Array(source.utf8)), dialect: .standard,
            predeclared: environment.names)
        return try Evaluator().run(program, environment: environment)
    }
}
