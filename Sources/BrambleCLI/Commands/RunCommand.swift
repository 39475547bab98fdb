import ArgumentParser
import Bramble
import BrambleModel

/// `bramble run TARGET [-- ARGUMENT…]`
struct RunCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Build a program, and run it in a sandbox.",
        discussion: """
            It sees what it was built with, and what the target's `run()` and the options grant: \
            no other files, no network. Relative paths of `run()` begin at the project. The status \
            is the program's own.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var evaluation: EvaluationOptions
    @OptionGroup var options: BuildOptions
    @OptionGroup var grants: RunGrantOptions

    @Argument(help: .init("What to run.", valueName: "target"))
    var target: String

    @Argument(
        parsing: .postTerminator, help: .init("What the program is given.", valueName: "argument"))
    var arguments: [String] = []

    func run(_ console: Console) throws -> ExitStatus {
        let workspace = try Workspace(global, evaluation)
        let store = try Store(folder: try StandardFolders.store())
        var request = RunRequest(target: target)
        request.arguments = arguments
        request.grants = try grants.grants()
        request.environment = ProcessEnvironment.all
        let (settings, final) = (options.settings(global), request)
        let reporter = console.buildReporter(global)
        let outcome = try console.runTask { cancellation throws(BrambleError) in
            try await workspace.run(
                final, in: store, settings, cancellation: cancellation,
                report: { reporter.take($0) }, willRun: { reporter.finish() })
        }
        reporter.finish()
        switch outcome {
        case .ended(let status): return .program(status)
        case .notBuilt(let result): return ExitStatus(result)
        }
    }
}
