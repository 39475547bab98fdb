import BrambleLang
import SourceDiagnostics
import TestKit
import Testing

/// Mistakes that are found without running anything.
struct CheckTests {
    static let modules = [
        "./main": """
        load("./lib/helper", "used", "unused", alias = "used")
        load("./lib/helper")
        load("./lib/other")
        load("./lib/helper", "nope", "usde")

        _private = 1
        _used = 2
        public = 3
        _a, _b = 1, 2

        def _never(): pass

        def f(parameter, other = _used):
            x = 1
            y = 2
            _ignored = 3
            for i in range(3): pass
            a, b = 1, 2
            z = [y for y in range(3)]
            def inner():
                return y
            def lost(): pass
            w = 1
            w += 1
            return lambda: used(inner)

        def shadowing():
            value = 1
            def inner(value):
                return value
            return [inner, nope, usde]

        def last():
            g = 1
            return other.x
        """,
        "./lib/helper": "def used(x): return x\ndef unused(): pass\n_x = 1\n",
        "./lib/other": "x = y\n",
        "./circle/a": "load(\"./circle/b\")\nx = b.x\n",
        "./circle/b": "load(\"./circle/a\")\nx = a.x\n",
        "./clean": "load(\"./lib/helper\", \"used\")\ndef f(): return used(1)\n",
        "./wrong": "load(\"./none\")\nx = \ny = undefined_name\n",
    ]

    @Test func findings() throws {
        var text = ""
        for name in ["main", "circle/a", "clean", "wrong", "none"] {
            let outcome = ModuleChecker(provider: TestModules(modules: CheckTests.modules))
                .check([try .local(name)])
            text += "==== ./\(name): errors \(outcome.hasErrors)\n"
            for findings in outcome.findings {
                text += "-- \(findings.module)\n"
                text += DiagnosticRenderer().render(findings.diagnostics)
            }
            for (module, problem) in outcome.unreadable {
                text += "-- \(module): \(problem.message)\n"
            }
        }
        try GoldenFile("Check.txt").check(text)
    }

    @Test func severalAtOnce() throws {
        let names = ["main", "clean", "wrong", "none"]
        func outcome(_ threads: Int) throws -> [String] {
            let checker = ModuleChecker(
                provider: TestModules(modules: CheckTests.modules), threads: threads)
            let outcome = checker.check(try names.map { try .local($0) })
            return outcome.findings.map {
                "\($0.module)" + DiagnosticRenderer().render($0.diagnostics)
            } + outcome.unreadable.map { "\($0.module)" }
        }
        let expected = try outcome(1)
        #expect(expected.count == 4)
        #expect(try outcome(4) == expected)
    }
}
