import ArgumentParser
import Bramble

/// `bramble ls [PATH…]`
struct ListCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "List modules and their functions.",
        discussion: "A function that can be built is marked `*`: it needs no arguments.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: .init("Modules; by default `./...`.", valueName: "target"))
    var targets: [String] = ["./..."]

    @Flag(help: "As JSON.")
    var json = false

    private struct Report: Encodable {
        let schema = "bramble/modules/1"
        let modules: [ModuleSummary]
    }

    func run(_ console: Console) throws -> ExitStatus {
        let modules = try Workspace(global).modules(targets)
        if json {
            try console.printJSON(Report(modules: modules))
        } else {
            for module in modules { console.write(ModuleList.lines(of: module)) }
        }
        return .success
    }
}
