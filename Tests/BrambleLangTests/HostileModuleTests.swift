import BrambleLang
import BrambleModel
import SourceDiagnostics
import Testing

/// Modules that want too much: limits and errors, never a crash.
struct HostileModuleTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let text: String
        let message: String
        var isLimit = true
        var testDescription: String { message }
    }

    static let cases = [
        Case(
            text: "def f():\n    for i in range(1 << 40): pass",
            message: "step limit of 200000 exceeded"),
        Case(
            text: "def f(): return [x for x in range(1 << 40)]",
            message: "step limit of 200000 exceeded"),
        Case(
            text: "x = [y for y in range(1 << 40)]", message: "step limit of 200000 exceeded"),
        Case(
            text: "def f():\n    assert.fails(lambda: [x for x in range(1 << 40)], \"limit\")",
            message: "step limit of 200000 exceeded"),
        Case(
            text: "def f(): derivation(\"a\", \"/b\", args = [\"x\" * (1 << 40)])",
            message: "repeat count 1099511627776 too large", isLimit: false),
        Case(
            text: """
                def f():
                    text = "x" * 100000
                    for i in range(20):
                        derivation("a%d" % i, "/b", args = [text])
                """, message: "derivation: derivations with more than 1000000 bytes of text",
            isLimit: false),
        Case(
            text: "def f():\n    for i in range(2000): derivation(\"a%d\" % i, \"/b\")",
            message: "derivation: more than 1000 derivations", isLimit: false),
        Case(
            text: """
                def f():
                    values = []
                    for _ in range(50):
                        values = [values, values]
                    return values
                """, message: "`f` returns more than 1000 values", isLimit: false),
        Case(
            text: """
                def f():
                    values = []
                    for _ in range(200):
                        values = [values]
                    return values
                """, message: "`f` returns lists nested more than 100 deep", isLimit: false),
        Case(
            text: """
                def f():
                    g = lambda: None
                    for _ in range(500):
                        g = (lambda h: lambda: h())(g)
                    g()
                """, message: "function lambda called recursively", isLimit: false),
    ]

    @Test(arguments: cases)
    func limits(_ row: Case) throws {
        let errors = try HostileModuleTests.errors(of: ["./main": row.text], ["main"])
        try #require(errors.count == 1)
        #expect(errors[0].message.hasPrefix(row.message))
        if case .limit = errors[0] { #expect(row.isLimit) } else { #expect(!row.isLimit) }
    }

    /// The derivations of all targets together, each few enough.
    @Test func manyTargets() throws {
        let text = (0..<20).map { number in
            """
            def f\(number)():
                return [derivation("\(number)-%d" % i, "/b") for i in range(100)]

            """
        }.joined()
        let errors = try HostileModuleTests.errors(of: ["./main": text], ["main"], threads: 2)
        #expect(errors.map(\.message) == ["more than 1000 derivations"])
    }

    /// There is no limit to how deeply modules load one another.
    @Test func deepLoads() throws {
        let count = 3000
        var modules: [String: String] = [:]
        modules["./m0"] = "load(\"./m1\", f1 = \"f\")\ndef f(): return f1()\n"
        for number in 1..<count {
            modules["./m\(number)"] =
                "load(\"./m\(number + 1)\", inner = \"f\")\nf = inner\n"
        }
        modules["./m\(count)"] = "def f(): return derivation(\"deep\", \"/b\")\n"
        let evaluator = ModuleEvaluator(
            provider: TestModules(modules: modules), options: try .test(threads: 2))
        let output = try evaluator.evaluate([EvaluationRequest(try .local("m0"))])
        #expect(output.graph.derivations.map(\.name.description) == ["deep"])
    }

    /// A circle of thousands of modules.
    @Test func longCircle() throws {
        var modules: [String: String] = [:]
        for number in 0..<2000 { modules["./m\(number)"] = "load(\"./m\((number + 1) % 2000)\")" }
        let errors = try HostileModuleTests.errors(of: modules, ["m0"])
        try #require(errors.count == 1)
        guard case .diagnostic(let diagnostic) = errors[0] else {
            Issue.record("no diagnostic")
            return
        }
        #expect(diagnostic.notes.count == 1999)
    }

    /// A provider that makes up modules without end.
    @Test func endlessModules() throws {
        var options = try EvaluationOptions.test(threads: 2)
        options.limits.modules = 300
        let evaluator = ModuleEvaluator(provider: EndlessModules(), options: options)
        let errors = #expect(throws: EvaluationErrors.self) {
            try evaluator.evaluate([EvaluationRequest(try .local("x"))])
        }
        #expect(errors?.errors.map(\.message) == ["there are more than 300 modules"])
    }

    private struct EndlessModules: ModuleProvider {
        func resolve(_ text: String, from module: ModuleName) throws -> ModuleName {
            let number = Int(module.path?.description.dropFirst() ?? "") ?? 0
            return try .local("x\(number + 1)")
        }

        func source(of module: ModuleName) -> SourceFile {
            SourceFile(name: module.description, text: "load(x = \"next\")")
        }

        func files(_ query: FileQuery) -> SourceSet { SourceSet(paths: []) }
    }

    /// Names with line feeds and escapes are shown harmlessly.
    @Test func foreignNames() throws {
        let errors = try HostileModuleTests.errors(
            of: ["./main": "def f(): derivation(\"a\\n\\x1b[31m\", \"/b\")"], ["main"])
        let text = errors[0].render()
        #expect(!text.contains("\u{1B}"))
        #expect(text.contains("`a\\u000a\\u001b[31m` is not a name of a derivation"))
    }

    private static func errors(
        of modules: [String: String], _ names: [String], threads: Int = 1
    ) throws -> [EvaluationFault] {
        var options = try EvaluationOptions.test(threads: threads)
        options.limits.steps = 200_000
        options.limits.allocatedBytes = 64 << 20
        options.limits.derivations = 1000
        options.limits.textBytes = 1_000_000
        let evaluator = ModuleEvaluator(
            provider: TestModules(modules: modules), options: options)
        let errors = #expect(throws: EvaluationErrors.self) {
            try evaluator.evaluate(try names.map { EvaluationRequest(try .local($0)) })
        }
        return errors?.errors ?? []
    }
}
