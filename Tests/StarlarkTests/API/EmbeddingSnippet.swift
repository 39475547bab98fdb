import SourceDiagnostics
import Starlark

/// The program that README.md and the article "Embedding Starlark" show. `EmbeddingSnippetTests`
/// checks that it works, and that they show it as it stands here.
enum EmbeddingSnippet {
    static func run(print: @escaping (String) -> Void) throws -> [String] {
        // snippet
        var environment = Environment()
        try environment.define("platform", "linux")
        environment.define(
            HostFunction("greet", .required("name", String.self), .defaulted("times", 1)) {
                call, name, times in
                for _ in 0..<times { call.print("Hello, \(name)!") }
                return name.count
            })

        let source = """
            greet("world", times = 2)

            def target(name, deps = []):
                return {"name": name, "deps": deps + [platform]}

            targets = [target("lib"), target("app", deps = ["lib"])]
            """
        let file = SourceFile(name: "build.star", text: source)
        let program = try Program.compile(file, predeclared: environment.names)

        let evaluator = Evaluator(limits: EvaluationLimits(steps: 1_000_000))
        evaluator.setPrintHandler { print($0) }
        let module = try evaluator.run(program, environment: environment)

        let targets = try module.get("targets", as: [[String: StarlarkValue]].self)
        let names = try targets.map { try $0["name"]?.as(String.self) ?? "" }
        let more = try evaluator.call(module.get("target"), "test", keywords: ["deps": names])
        // end
        return names + [more.description]
    }
}
