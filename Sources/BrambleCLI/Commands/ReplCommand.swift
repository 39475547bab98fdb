import ArgumentParser
import Bramble

/// `bramble repl`
struct ReplCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "repl",
        abstract: "Try the language in the project: load its modules, call its functions.",
        discussion: """
            `load` and `files` work as in a module in the project's directory. Tab completes names; \
            Ctrl-D ends. Texts may come from a pipe as well.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var evaluation: EvaluationOptions

    func run(_ console: Console) throws -> ExitStatus {
        let workspace = try Workspace(global, evaluation)
        console.interact(with: try workspace.session { console.write($0 + "\n") })
        return .success
    }
}
