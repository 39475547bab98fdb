import ArgumentParser
import Bramble
import BrambleModel

/// `bramble version`
struct VersionCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Show the version of Bramble and of its formats.")

    @OptionGroup var global: GlobalOptions

    @Flag(help: "As JSON.")
    var json = false

    private struct Report: Encodable {
        let schema = "bramble/version/1"
        let version = BrambleVersion.current
        let formats = [DerivationGraph.schema]
    }

    func run(_ console: Console) throws -> ExitStatus {
        if json {
            try console.printJSON(Report())
        } else {
            console.write("bramble \(BrambleVersion.current)\n")
        }
        return .success
    }
}
