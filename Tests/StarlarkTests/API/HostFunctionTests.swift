import SourceDiagnostics
import Starlark
import Testing

@Suite struct HostFunctionTests {
    struct Problem: Error, CustomStringConvertible {
        var description: String { "the disk is full" }
    }

    static let environment = makeEnvironment()

    static func makeEnvironment() -> Environment {
        var environment = Environment()
        environment.define(
            HostFunction(
                "greet", .required("name", String.self), .defaulted("times", 1),
                .variadic("rest", Int.self), .keywords("options", Bool.self)
            ) { _, name, times, rest, options in
                "\(name) \(times) \(rest) \(options.map { "\($0.key)=\($0.value)" })"
            })
        environment.define(
            HostFunction(
                "place", .required("x", Int.self, passing: .positionOnly),
                .optional("label", String.self),
                .required("scale", Double.self, passing: .keywordOnly)
            ) { _, x, label, scale in "\(x) \(label ?? "nil") \(scale)" })
        environment.define(HostFunction("nothing") { _ in })
        environment.define(
            HostFunction("sum", .required("numbers", [Int].self)) { _, numbers in
                numbers.reduce(0, +)
            })
        environment.define(
            HostFunction("table", .required("rows", [String: [Int]].self)) { _, rows in
                rows.mapValues(\.count)
            })
        environment.define(HostFunction("fail") { _ throws -> Int in throw Problem() })
        environment.define(
            HostFunction("advise") { _ throws -> Int in
                throw EvaluationError("no luck today", hint: "try tomorrow")
            })
        environment.define(
            HostFunction("twice", .required("f", StarlarkValue.self)) { call, f in
                try call.invoke(f, try call.invoke(f, 1))
            })
        environment.define(
            HostFunction("named", .required("f", StarlarkValue.self)) { call, f in
                try call.invoke(f, 1, keywords: ["b": "two", "a": [3]])
            })
        environment.define(
            HostFunction(unchecked: "raw") { call in
                "\(call.positionalCount) \(call.keywords.map { "\($0.key)=\($0.value)" }) \(call[0])"
            })
        environment.define(
            HostFunction(unchecked: "unpacked") { call in
                let (x, y) = try call.unpack(.required("x", Int.self), .defaulted("y", "none"))
                return "\(x) \(y)"
            })
        environment.define(
            HostFunction("pair", .required("p", StarlarkTuple<Int, String>.self)) { _, p in
                StarlarkTuple(p.values.1, p.values.0)
            })
        environment.define(
            HostFunction("record") { call in
                try call.values.structure(["b": 1, "a": [1, 2]], constructor: "record")
            })
        return environment
    }

    static let calls = ExpressionCase.table(
        #"""
        greet("a") => "a 1 [] []"
        greet("a", 2, 3, 4, x = True, y = False) => "a 2 [3, 4] [\"x=true\", \"y=false\"]"
        greet(times = 3, name = "b") => "b 3 [] []"
        greet(*["a", 1], **{"times": 2}) => error: greet: got multiple values for parameter times
        greet() => error: greet: missing argument for name
        greet(1) => error: greet: for parameter name: got int, want string
        greet("a", 1, 2, "b") => error: greet: for parameter 4: got string, want int
        greet("a", x = 1) => error: greet: for parameter x: got int, want bool
        place(1, scale = 2) => "1 nil 2.0"
        place(1, None, scale = 2.5) => "1 nil 2.5"
        place(1, label = "l", scale = 2) => "1 l 2.0"
        place(1, 2, scale = 2) => error: place: for parameter label: got int, want string or None
        place(x = 1, scale = 2) => error: place: parameter x can't be given by keyword
        place(1, "a", 2) => error: place: got 3 positional arguments, want at most 2 (the other parameters take keyword arguments)
        place(1, lable = "l", scale = 2) => error: place: unexpected keyword argument lable (did you mean label?)
        place(1) => error: place: missing argument for scale
        place() => error: place: missing arguments for x, scale
        nothing() => None
        nothing(1) => error: nothing: got 1 positional arguments, want 0
        nothing(x = 1) => error: nothing: unexpected keyword argument x
        sum([1, 2]) => 3
        sum((1, 2)) => 3
        sum(range(5)) => 10
        sum({1: 2}) => error: sum: for parameter numbers: got dict, want list of int
        sum([1, 2, "c"]) => error: sum: for parameter numbers: want list of int, element 2 is string
        sum([1 << 64]) => error: sum: for parameter numbers: want list of int, element 0 is 18446744073709551616 (out of range)
        table({"b": [1], "a": []}) => {"a": 0, "b": 1}
        table({"b": [1, "x"]}) => error: table: for parameter rows: want dict of string to list of int, element 1 of value of key "b" is string
        fail() => error: fail: the disk is full
        advise() => error: no luck today (try tomorrow)
        twice(lambda x: x + 10) => 21
        twice(3) => error: invalid call of non-function (int)
        twice(lambda: 1) => error: function lambda accepts no arguments (1 given)
        named(lambda x, a, b: (x, a, b)) => (1, [3], "two")
        raw(1, 2, k = 3) => "2 [\"k=3\"] 1"
        unpacked(1) => "1 none"
        unpacked(y = "y", x = 2) => "2 y"
        unpacked("a") => error: unpacked: for parameter x: got string, want int
        pair((1, "a")) => ("a", 1)
        pair((1, 2)) => error: pair: for parameter p: want (int, string), element 1 is int
        pair((1,)) => error: pair: for parameter p: got tuple of 1 elements, want (int, string)
        record() => record(a = [1, 2], b = 1)
        greet => <built-in function greet>
        """#)

    @Test(arguments: calls) func callsGive(_ testCase: ExpressionCase) {
        #expect(
            HostFixture.outcome(testCase.source, environment: HostFunctionTests.environment)
                == testCase.outcome)
    }

    @Test func keepsTheErrorOfTheHost() throws {
        let error = #expect(throws: EvaluationError.self) {
            try HostFixture.run(
                "def f():\n  fail()\nf()", environment: HostFunctionTests.environment)
        }
        #expect(error?.underlying is Problem)
        #expect(error?.callStack.map(\.function) == ["<toplevel>", "f"])
    }

    @Test func callStackGoesThroughTheHost() throws {
        let source = """
            def inner(x):
              return x + None
            def outer():
              return twice(inner)
            outer()
            """
        let error = #expect(throws: EvaluationError.self) {
            try HostFixture.run(source, environment: HostFunctionTests.environment)
        }
        #expect(error?.callStack.map(\.function) == ["<toplevel>", "outer", "inner"])
        #expect(error?.message == "unknown binary op: int + NoneType")
    }

    @Test func tellsWhereItIsCalled() throws {
        var environment = Environment()
        environment.define(
            HostFunction("where") { call in
                call.callStack.map { "\($0.function):\($0.file.location(of: $0.span.start))" }
            })
        let module = try HostFixture.run(
            "def f():\n  return where()\nx = f()", environment: environment)
        #expect(try module.get("x") == ["<toplevel>:3:5", "f:2:10"])
    }

    @Test func prints() throws {
        var environment = Environment()
        environment.define(
            HostFunction("log", .required("text", String.self)) { call, text in
                call.print("log: \(text)")
            })
        var lines: [String] = []
        let evaluator = Evaluator()
        evaluator.setPrintHandler { lines.append($0) }
        let program = try HostFixture.program("log('a')\nprint('b')", environment: environment)
        _ = try evaluator.run(program, environment: environment)
        #expect(lines == ["log: a", "b"])
    }

    @Test func describesItsParameters() {
        let function = HostFunction(
            "f", .required("a", Int.self), .variadic("b", Int.self), .keywords("c", Int.self),
            documentation: "Does nothing."
        ) { _, _, _, _ in }
        #expect(function.parameterNames == ["a", "*b", "**c"])
        #expect(function.documentation == "Does nothing.")
    }

    /// Values that the host makes in a call are as mutable as the program's own.
    @Test func resultsAreMutable() throws {
        var environment = Environment()
        environment.define(HostFunction("make") { _ in [1, 2] })
        environment.define(
            HostFunction("same", .required("x", StarlarkValue.self)) { _, x in x })
        let module = try HostFixture.run(
            "a = make()\na.append(3)\nb = same(a)\nb.append(4)", environment: environment)
        #expect(try module.get("a") == [1, 2, 3, 4])
        #expect(module["a"] == module["b"])
    }
}
