import ArgumentParser
import Bramble
import BrambleModel

/// `bramble diff A B`
struct DiffCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show where two objects of the store differ.",
        discussion: "The status is 12 if they do.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: .init("An object: its name, or its path.", valueName: "object"))
    var first: String

    @Argument(help: .init("Another one.", valueName: "object"))
    var second: String

    @Flag(help: "The result as JSON.")
    var json = false

    func run(_ console: Console) throws -> ExitStatus {
        let store = try console.openStore()
        let difference = try store.compare(store.objectName(first), store.objectName(second))
        if json {
            try console.printJSON(DifferenceReport(difference))
        } else {
            for entry in difference.entries { console.write(DifferenceList.line(entry) + "\n") }
        }
        return difference.entries.isEmpty ? .success : .wouldChange
    }
}
