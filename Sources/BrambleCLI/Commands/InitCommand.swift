import ArgumentParser
import Bramble

/// `bramble init [NAME]`
struct InitCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a new project here, or in a new directory.")

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: .init(
            "A package name such as `example.org/hello`: its last part names the new directory.",
            valueName: "name"))
    var name: String?

    func run(_ console: Console) throws -> ExitStatus {
        let project = try Workspace.initialize(name: name, in: ".")
        let prefix = project.folder == "." ? "" : project.folder + "/"
        for file in project.files { console.write(prefix + file + "\n") }
        let change = project.folder == "." ? "" : "cd \(project.folder) && "
        console.say("made the project `\(project.name)`; next: \(change)bramble eval")
        return .success
    }
}
