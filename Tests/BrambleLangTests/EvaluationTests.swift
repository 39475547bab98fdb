import BrambleLang
import BrambleModel
import SourceDiagnostics
import Synchronization
import TestKit
import Testing

/// Whole evaluations: what comes out, and what people see if nothing does.
struct EvaluationTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let modules: [String: String]
        var requests = ["./main": nil as [String]?]
        var target: String?
        var testDescription: String { name }
    }

    static let outputs = [
        Case(
            name: "a library and a program",
            modules: [
                "./main": """
                load("./lib/tools", "shell")
                load("example.org/x/y")

                def program():
                    return derivation("program", shell() + "/bin/sh", args = ["-c", "true"],
                        sources = files(["*.c"]), env = {"Y": y.part()})

                def checks():
                    return [test(program(), ["-v"]), run(program(), "bin/x", [y.part()])]
                """,
                "./lib/tools": """
                def shell(name = "shell"):
                    return derivation(name, "fetch_url",
                        env = {"url": "https://example.org/sh", "executable": "true"}).out
                """,
                "example.org/x/y": """
                def part():
                    return derivation("part", "/bin/true", sources = files(["*.c"]))
                """,
            ]),
        Case(
            name: "named functions, in that order, and a target platform",
            modules: [
                "./main": """
                def a(): return derivation("a", "/b")
                def b(): return {"x": derivation("b", "/b", target = sys.platform), "y": [a()]}
                def c(): fail("nobody asked")
                """
            ], requests: ["./main": ["b", "a"]], target: "linux-aarch64"),
        Case(
            name: "nothing",
            modules: ["./main": "def f(): pass\nx = 1", "./other": ""],
            requests: ["./main": nil, "./other": nil]),
    ]

    static let faults = [
        Case(
            name: "deep in a loaded module",
            modules: [
                "./main": "load(\"./a\", \"outer\")\n\ndef f():\n    return outer([1])\n",
                "./a": "load(\"./b\")\n\ndef outer(x):\n    return [b.inner(y) for y in x]\n",
                "./b": "def inner(x):\n    return derivation(\"b\", \"/b\", args = [x])\n",
            ]),
        Case(
            name: "while a loaded module is loaded",
            modules: ["./main": "load(\"./a\")", "./a": "x = 1\ny = x // 0\n"]),
        Case(
            name: "a circle of loads",
            modules: [
                "./main": "load(\"./a\")", "./a": "x = 1\nload(\"./b\", \"y\")\n",
                "./b": "load(\"./c\")\n", "./c": "load(a_again = \"./a\")\n",
            ]),
        Case(
            name: "syntax errors of several modules, and a missing one",
            modules: [
                "./main": "load(\"./a\")\nload(\"./b\")\nload(\"./c\")\nload(\"d\")\nx = y\n",
                "./a": "def f(:\n    pass\n", "./b": "x = 1\nx = 2\nz = zz\n",
            ]),
        Case(
            name: "no such function", modules: ["./main": "def build(): pass\ndef all(): pass\n"],
            requests: ["./main": ["biuld"]]),
        Case(name: "no functions", modules: ["./main": "_x = 1"], requests: ["./main": ["x"]]),
        Case(
            name: "a function with parameters",
            modules: ["./main": "def library(name,   deps = []): pass\n"],
            requests: ["./main": ["library"]]),
        Case(name: "no such module", modules: [:]),
        Case(
            name: "a wrong value", modules: ["./main": "def f():\n    return [1]\n"]),
        Case(
            name: "several functions",
            modules: ["./main": "def f(): fail(\"f\")\ndef g(): return 1\ndef h(): return f()\n"]),
        Case(
            name: "foreign texts in messages",
            modules: ["./main": "def f(): derivation(\"a\\n\\u202e\\x07\", \"/b\")\n"]),
    ]

    @Test func goldenOutputs() throws {
        var text = ""
        for row in EvaluationTests.outputs {
            text += "==== \(row.name)\n" + (try EvaluationTests.evaluate(row)) + "\n"
        }
        try GoldenFile("Outputs.txt").check(text)
    }

    @Test func goldenFaults() throws {
        var text = ""
        for row in EvaluationTests.faults {
            let errors = #expect(throws: EvaluationErrors.self) {
                try EvaluationTests.evaluate(row)
            }
            text += "==== \(row.name)\n\(errors?.description ?? "no error")\n"
        }
        try GoldenFile("Faults.txt").check(text)
    }

    /// Neither results nor errors depend on the threads.
    @Test(arguments: outputs + faults)
    func threads(_ row: Case) throws {
        func outcome(_ threads: Int) throws -> String {
            do {
                return try EvaluationTests.evaluate(row, threads: threads)
            } catch let errors as EvaluationErrors {
                return errors.description
            }
        }
        let expected = try outcome(1)
        for threads in [2, 3, 8] { #expect(try outcome(threads) == expected) }
    }

    @Test func printing() throws {
        let names = (0..<30).map { "m\($0)" }
        var modules: [String: String] = [:]
        for (number, name) in names.enumerated() {
            let load = number >= 2 ? "load(\"./\(names[number / 2])\")\n" : ""
            modules["./\(name)"] =
                load + """
                    print("load", \(number))
                    def f():
                        for i in range(\((30 - number) * 20)):
                            print("call", \(number), i)
                    """
        }
        func printed(threads: Int) throws -> [String] {
            let lines = Mutex<[String]>([])
            let evaluator = ModuleEvaluator(
                provider: TestModules(modules: modules), options: try .test(threads: threads),
                print: { line in lines.withLock { $0.append(line) } })
            _ = try evaluator.evaluate(
                try names.map { EvaluationRequest(try .local($0)) })
            return lines.withLock { $0 }
        }
        let expected = try printed(threads: 1)
        #expect(expected.count == 30 + 20 * 30 * 31 / 2)
        #expect(expected.prefix(2) == ["load 0", "load 1"])
        for _ in 0..<5 { #expect(try printed(threads: 4) == expected) }
    }

    @Test func cancellation() throws {
        let evaluator = ModuleEvaluator(
            provider: TestModules(modules: [
                "./main": "def f():\n    print(1)\n    for x in range(1 << 40): pass\n"
            ]),
            options: try .test(threads: 2), print: { _ in EvaluationTests.flag.cancel() })
        #expect(throws: CancellationError.self) {
            try evaluator.evaluate(
                [EvaluationRequest(try .local("main"))], cancellation: EvaluationTests.flag)
        }
        // A second time it does not even begin.
        #expect(throws: CancellationError.self) {
            try evaluator.evaluate(
                [EvaluationRequest(try .local("main"))], cancellation: EvaluationTests.flag)
        }
    }

    private static let flag = EvaluationCancellation()

    private static func evaluate(_ row: Case, threads: Int = 1) throws -> String {
        let modules = TestModules(modules: row.modules, files: ["main.c", "x.h", "y.c"])
        let evaluator = ModuleEvaluator(
            provider: modules, options: try .test(threads: threads, target: row.target))
        let requests = try row.requests.sorted { $0.key < $1.key }.map { name, functions in
            EvaluationRequest(
                try modules.resolve(name, from: ModuleName()),
                functions.map { .named($0) } ?? .all)
        }
        let output = try evaluator.evaluate(requests)
        return String(decoding: try CanonicalJSON.encode(output), as: UTF8.self)
    }
}
