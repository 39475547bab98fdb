import ArgumentParser
import Bramble

/// `bramble add FOLDER`
struct AddCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Make the package in a folder a dependency of this project.",
        discussion: "`bramble.toml` is changed in that place only: comments and order stay.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: .init("The folder of a package.", valueName: "folder"))
    var folder: String

    func run(_ console: Console) throws -> ExitStatus {
        let added = try Workspace(from: ".").addDependency(in: folder)
        console.say("`\(added.name)` is a dependency now, by the path `\(added.path)`")
        return .success
    }
}
