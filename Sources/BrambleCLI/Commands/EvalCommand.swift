import ArgumentParser
import Bramble
import BrambleModel

/// `bramble eval TARGET…`
struct EvalCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Evaluate targets to derivations, without building anything.",
        discussion: """
            With `--json` the result is the derivation graph, in the format of \
            `bramble schema derivation-graph`: what other tools start from. What the project's \
            files print goes to standard error.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var evaluation: EvaluationOptions

    @Argument(help: .init("What to evaluate; by default `./...`.", valueName: "target"))
    var targets: [String] = ["./..."]

    @Flag(help: "The graph, as JSON.")
    var json = false

    func run(_ console: Console) throws -> ExitStatus {
        let workspace = try Workspace(global, evaluation)
        let result = try workspace.evaluate(targets, console)
        if json {
            console.write(try result.graphJSON())
            console.write("\n")
        } else {
            for function in result.functions { console.write(EvaluationList.lines(of: function)) }
        }
        return .success
    }
}
