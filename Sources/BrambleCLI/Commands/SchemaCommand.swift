import ArgumentParser
import BrambleModel

/// `bramble schema NAME`
struct SchemaCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Show the JSON Schema of a format.",
        discussion: "Without a name, lists the formats.")

    /// The formats that have one.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case derivationGraph = "derivation-graph"

        var text: String {
            switch self {
            case .derivationGraph: DerivationGraph.jsonSchema
            }
        }
    }

    @OptionGroup var global: GlobalOptions

    @Argument(help: .init("The format.", valueName: "name"))
    var format: Format?

    func run(_ console: Console) throws -> ExitStatus {
        if let format {
            console.write(format.text)
        } else {
            for format in Format.allCases { console.write(format.rawValue + "\n") }
        }
        return .success
    }
}
