import ArgumentParser
import Bramble

/// `bramble remove NAME`
struct RemoveCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove a dependency of this project.",
        discussion: "`bramble.toml` is changed in that place only: comments and order stay.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: .init("The name of a package in `[dependencies]`.", valueName: "name"))
    var name: String

    func run(_ console: Console) throws -> ExitStatus {
        try Workspace(from: ".").removeDependency(name)
        console.say("`\(name)` is no dependency any more")
        return .success
    }
}
