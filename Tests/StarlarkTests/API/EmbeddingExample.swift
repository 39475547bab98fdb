import SourceDiagnostics
import Starlark

func servers(configuration text: String) throws -> [String: Int] {
    var environment = Environment()
    environment.define(
        HostFunction("server", .required("name", String.self), .defaulted("port", 8080)) {
            _, name, port in "\(name):\(port)"
        })
    try environment.define("regions", ["eu", "us"])
    let file = SourceFile(name: "servers.star", text: text)
    do {
        let program = try Program.compile(file, predeclared: environment.names)
        return try Evaluator(limits: EvaluationLimits(steps: 1_000_000))
            .run(program, environment: environment).get("ports", as: [String: Int].self)
    } catch let errors as SyntaxErrors {
        print(DiagnosticRenderer().render(errors.diagnostics))
        throw errors
    }
}
