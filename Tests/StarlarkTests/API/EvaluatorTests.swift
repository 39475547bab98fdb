import SourceDiagnostics
import Starlark
import Testing

@Suite struct EvaluatorTests {
    private func library() throws -> Module {
        try HostFixture.run(
            """
            base = [1]
            def add(x, y = 10, *rest, scale = 1, **others):
              return (x + y) * scale + len(rest) + len(others)
            def push(l):
              l.append(1)
              return l
            def churn(n):
              last = None
              for i in range(n):
                last = [str(i)]
              return last
            def bad(x):
              return x.nothing
            """)
    }

    private func function(_ name: String) throws -> StarlarkValue {
        try #require(try library()[name])
    }

    @Test func callsFunctionsOfFrozenModules() throws {
        let evaluator = Evaluator()
        let add = try function("add")
        #expect(try evaluator.call(add, 1).as() == 11)
        #expect(try evaluator.call(add, 1, 2, keywords: ["scale": 3]).as() == 9)
        #expect(try evaluator.call(add, 1, 2, 3, 4, keywords: ["z": 0]).as() == 6)
        #expect(try evaluator.call(add, keywords: ["y": 1, "x": 2]).as() == 3)
        #expect(try evaluator.call(function("push"), [5]).as() == [5, 1])
        #expect(try evaluator.call(StarlarkValue("abc").attribute("upper")).as() == "ABC")
    }

    @Test func callsFailWithTheFunctionOnTheStack() throws {
        let evaluator = Evaluator()
        let error = try #require(throws: EvaluationError.self) {
            try evaluator.call(try function("bad"), 1)
        }
        #expect(error.message == "int has no .nothing field or method")
        #expect(error.callStack.map(\.function) == ["bad"])
        let other = try #require(throws: EvaluationError.self) {
            try evaluator.call(try StarlarkValue(1))
        }
        #expect(other.message == "invalid call of non-function (int)")
    }

    /// Garbage of a call is collected while it runs, and that of many calls as well.
    @Test func callsDoNotPileUpMemory() throws {
        let evaluator = Evaluator(limits: EvaluationLimits(allocatedBytes: 8 << 20))
        let churn = try function("churn")
        for _ in 0..<3 {
            #expect(try evaluator.call(churn, 200_000).as() == ["199999"])
        }
    }

    /// A builtin that is called from outside, and calls back, holds values that must not move.
    @Test func builtinsCallBackSafely() throws {
        let module = try HostFixture.run(
            """
            def key(x):
              last = None
              for i in range(3000):
                last = [str(i)]
              return -x
            sort = sorted
            """)
        let sorted = try Evaluator().call(
            try #require(module["sort"]), Array(0..<300),
            keywords: ["key": try #require(module["key"])])
        #expect(try sorted.as() == Array((0..<300).reversed()))
    }

    @Test func evaluatesExpressions() throws {
        var environment = Environment()
        try environment.define("x", [1, 2])
        let evaluator = Evaluator()
        let file = SourceFile(name: "e", text: "[y * 2 for y in x]")
        #expect(try evaluator.evaluate(file, environment: environment).as() == [2, 4])
        #expect(throws: SyntaxErrors.self) {
            try evaluator.evaluate(SourceFile(name: "e", text: "x = 1"))
        }
        #expect(throws: SyntaxErrors.self) {
            try evaluator.evaluate(SourceFile(name: "e", text: "1\n2"))
        }
    }

    // MARK: Limits

    /// Whatever ends an evaluation, the next one is as good as the first.
    @Test func errorsLeaveTheEvaluatorUsable() throws {
        let evaluator = Evaluator(
            limits: EvaluationLimits(steps: 50_000, depth: 50, allocatedBytes: 16 << 20))
        var dialect = Dialect.all
        dialect.allowsRecursion = true
        let failing = [
            "def f(n): return f(n + 1)\nf(0)",
            "def f(l):\n  for x in l:\n    l.append(x)\nf([1])",
            "while True: pass",
            "x = ['a' * 1000]\nfor i in range(30000): x.append(str(i) * 400)",
            "sorted([3, 1], key = lambda x: [y for y in [1] if y.z])",
            "def f(a, *b, **c): return c['x']\nf(1, *[2, 3], **{'y': 4})",
            "[1][2]", "fail('a', 'b')", "load('x', 'y')",
        ]
        for source in failing + failing {
            #expect(throws: EvaluationError.self, "\(source)") {
                try evaluator.run(try HostFixture.program(source, dialect: dialect))
            }
            let module = try evaluator.run(
                try HostFixture.program(
                    "def f(n): return n if n < 2 else f(n - 1) + f(n - 2)\nx = f(15)",
                    dialect: dialect))
            #expect(try module.get("x") == 610)
        }
    }

    static let exactSteps: [(source: String, steps: Int)] = [
        ("x = 1", 1), ("def f(): pass\nf()\nf()", 3),
        ("def f():\n  for i in range(100): pass\nf()", 102),
    ]

    @Test(arguments: exactSteps)
    func stepsAreCountedExactly(_ source: String, _ steps: Int) throws {
        let program = try HostFixture.program(source)
        let evaluator = Evaluator()
        _ = try evaluator.run(program)
        #expect(evaluator.steps == steps)
        _ = try evaluator.run(program)
        #expect(evaluator.steps == steps)
        let exact = Evaluator(limits: EvaluationLimits(steps: steps))
        _ = try exact.run(program)
        _ = try exact.run(program)
    }

    @Test func stepLimitsAreExact() throws {
        let program = try HostFixture.program(
            "def f():\n  for i in range(30000): [i]\nf()")
        let counting = Evaluator()
        _ = try counting.run(program)
        _ = try Evaluator(limits: EvaluationLimits(steps: counting.steps)).run(program)
        let error = try #require(throws: EvaluationError.self) {
            try Evaluator(limits: EvaluationLimits(steps: counting.steps - 1)).run(program)
        }
        #expect(error.kind == .limit)
        #expect(error.message == "step limit of \(counting.steps - 1) exceeded")
    }

    private func swallowing() -> Environment {
        var environment = Environment()
        environment.define(
            HostFunction("try_", .required("f", StarlarkValue.self)) { call, f in
                do {
                    return try call.invoke(f).description
                } catch let error as EvaluationError {
                    return "caught: \(error.message)"
                }
            })
        return environment
    }

    @Test func hostsCatchMistakes() throws {
        let module = try HostFixture.run(
            "x = try_(lambda: 1 // 0)", environment: swallowing())
        #expect(try module.get("x") == "caught: floored division by zero")
    }

    static let limits: [(String, EvaluationLimits, String)] = [
        (
            "def f():\n  while True: pass\nx = try_(f)", EvaluationLimits(steps: 1000),
            "step limit of 1000 exceeded"
        ),
        (
            "def f(): return f()\nx = try_(f)", EvaluationLimits(depth: 30),
            "stack overflow: calls nested too deeply"
        ),
        (
            "x = try_(lambda: 'a' * 100000000)", EvaluationLimits(allocatedBytes: 1 << 20),
            "allocation limit of 1048576 bytes exceeded"
        ),
    ]

    @Test(arguments: limits) func hostsCannotCatchLimits(
        _ source: String, _ limits: EvaluationLimits, _ message: String
    ) throws {
        let environment = swallowing()
        let program = try HostFixture.program(source, environment: environment, dialect: .all)
        let evaluator = Evaluator(limits: limits)
        let error = try #require(throws: EvaluationError.self) {
            try evaluator.run(program, environment: environment)
        }
        #expect(error.kind == .limit)
        #expect(error.message == message)
        _ = try evaluator.run(try HostFixture.program("x = 1"))
    }

    /// Code without loops and calls has no backward jump to collect garbage at.
    static let straightLines = [
        "x = s * 100000", "x = s + t", "x = t[1:]", "x = '%s!' % t", "x = [1] * 10000",
        "x = t.upper()", "x = list(range(10000))", "x = f(*l)", "x = t; x += s",
    ]

    @Test(arguments: straightLines) func garbageOfStraightCodeIsCollected(_ line: String) throws {
        let lines = Array(repeating: "  " + line, count: 500).joined(separator: "\n")
        let program = try HostFixture.program(
            """
            def f(*args): return args
            def work():
              s = "a"
              t = s * 90000
              l = range(10000)
            \(lines)
              return x
            y = len(work())
            """)
        let evaluator = Evaluator(limits: EvaluationLimits(allocatedBytes: 8 << 20))
        #expect(try evaluator.run(program).get("y", as: Int.self) >= 10000)
    }

    @Test func cancellationEndsOneEvaluation() throws {
        let evaluator = Evaluator()
        let cancellation = evaluator.cancellation
        var environment = swallowing()
        environment.define(HostFunction("cancel") { _ in cancellation.cancel() })
        let source = "def f():\n  cancel()\n  while True: pass\nx = try_(f)"
        let program = try HostFixture.program(source, environment: environment, dialect: .all)
        let error = try #require(throws: EvaluationError.self) {
            try evaluator.run(program, environment: environment)
        }
        #expect(error.kind == .cancelled)
        #expect(error.message == "evaluation cancelled")
        #expect(!cancellation.isCancelled)
        _ = try evaluator.run(
            try HostFixture.program("def f():\n  for i in range(20000): pass\nf()"))
    }

    /// Handlers may use the evaluator that calls them.
    @Test func evaluationsNest() throws {
        let evaluator = Evaluator()
        var lines: [String] = []
        let inner = try HostFixture.program("y = [str(i) for i in range(3)]\nprint('inner')")
        evaluator.setPrintHandler { [unowned evaluator] line in
            lines.append(line)
            if line != "inner" {
                do {
                    lines.append(try evaluator.run(inner).get("y", as: [String].self).joined())
                } catch {
                    lines.append("\(error)")
                }
            }
        }
        let outer = try HostFixture.program(
            """
            def f():
              x = [str(i) for i in range(1000)]
              for i in range(3):
                print(i)
              return x[-1]
            z = f()
            """)
        #expect(try evaluator.run(outer).get("z") == "999")
        #expect(lines == ["0", "inner", "012", "1", "inner", "012", "2", "inner", "012"])
    }
}
