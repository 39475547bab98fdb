import SourceDiagnostics
import Starlark

/// Programs in one line, for tests of what a host sees.
enum HostFixture {
    static func program(
        _ source: String, name: String = "test.star", environment: Environment = Environment(),
        dialect: Dialect = .standard
    ) throws -> Program {
        try Program.compile(
            SourceFile(name: name, text: source), dialect: dialect,
            predeclared: environment.names)
    }

    static func run(
        _ source: String, environment: Environment = Environment(), dialect: Dialect = .standard
    ) throws -> Module {
        let program = try program(source, environment: environment, dialect: dialect)
        return try Evaluator().run(program, environment: environment)
    }

    /// What an expression evaluates to: its `repr`, or the error with its hint.
    static func outcome(
        _ expression: String, environment: Environment = Environment(),
        dialect: Dialect = .standard
    ) -> String {
        do {
            let file = SourceFile(name: "expression", text: expression)
            return try Evaluator().evaluate(file, dialect: dialect, environment: environment)
                .description
        } catch let error as EvaluationError {
            return "error: \(error.message)" + (error.hint.map { " (\($0))" } ?? "")
        } catch {
            return "not valid: \(error)"
        }
    }
}
