import SourceDiagnostics
import Starlark
import Testing

/// What host functions find in a call besides its arguments.
@Suite struct HostStateTests {
    private final class Tally {
        var count = 0
    }

    /// One environment, and a state for each evaluator.
    @Test func state() throws {
        var environment = Environment()
        environment.define(
            HostFunction("tick") { call in
                guard let tally = call.hostState as? Tally else {
                    throw EvaluationError("there is no tally")
                }
                tally.count += 1
                return tally.count
            })
        let program = try HostFixture.program(
            "x = tick()\ny = tick()", environment: environment)
        for _ in 0..<2 {
            let tally = Tally()
            let evaluator = Evaluator()
            evaluator.hostState = tally
            let module = try evaluator.run(program, environment: environment)
            #expect(try module.get("y") == 2)
            #expect(tally.count == 2)
        }
        let error = #expect(throws: EvaluationError.self) {
            try Evaluator().run(program, environment: environment)
        }
        #expect(error?.message == "there is no tally")
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let expression: String
        let outcome: String
        var testDescription: String { expression }
    }

    static let cases = [
        Case(expression: "equal([1], [1])", outcome: "True"),
        Case(expression: "equal(1, \"1\")", outcome: "False"),
        Case(expression: "less(1, 2.5)", outcome: "True"),
        Case(expression: "less([2], [1, 3])", outcome: "False"),
        Case(expression: "less(1, \"a\")", outcome: "error: int < string not implemented"),
        Case(expression: "contains(\"abc\", \"b\")", outcome: "True"),
        Case(expression: "contains({\"a\": 1}, \"b\")", outcome: "False"),
        Case(expression: "valid(\"é\")", outcome: "\"é\""),
        Case(expression: "valid(\"é\"[:1])", outcome: "None"),
        Case(expression: "valid(1)", outcome: "None"),
        Case(expression: "nothing().name", outcome: "error: there is no name (ask for none)"),
        Case(expression: "hasattr(nothing(), \"name\")", outcome: "False"),
        Case(expression: "getattr(nothing(), \"name\", 1)", outcome: "1"),
    ]

    @Test(arguments: cases)
    func operators(_ row: Case) throws {
        var environment = Environment()
        environment.define(
            HostFunction(
                "equal", .required("x", StarlarkValue.self), .required("y", StarlarkValue.self)
            ) { call, x, y in try call.areEqual(x, y) })
        environment.define(
            HostFunction(
                "less", .required("x", StarlarkValue.self), .required("y", StarlarkValue.self)
            ) { call, x, y in try call.isLess(x, than: y) })
        environment.define(
            HostFunction(
                "contains", .required("x", StarlarkValue.self),
                .required("y", StarlarkValue.self)
            ) { call, x, y in try call.contains(x, y) })
        environment.define(
            HostFunction("valid", .required("x", StarlarkValue.self)) { _, x in x.validText })
        environment.define(HostFunction("nothing") { _ in Nothing() })
        let outcome = HostFixture.outcome(row.expression, environment: environment)
        #expect(outcome.hasPrefix(row.outcome))
    }

    private final class Nothing: HostObject, Sendable {
        static let starlarkTypeName = "nothing"

        func missingAttribute(_ name: String) -> EvaluationError? {
            EvaluationError("there is no \(name)", hint: "ask for none")
        }
    }
}
