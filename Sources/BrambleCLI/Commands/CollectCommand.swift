import ArgumentParser
import Bramble
import BrambleModel

/// `bramble gc`
struct CollectCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Remove what nothing needs any more from the store.",
        discussion: """
            What targets of projects were last built to, what links of `build -o` lead to, and what \
            is being built is kept; and so is what was used within `--keep-days`.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        name: .customLong("keep-days"),
        help: .init("Keep what was used within that many days.", valueName: "count"))
    var keepDays = 30

    @Option(
        name: .customLong("max-size"),
        help: .init(
            "Remove what was used within that time too, until so much is left: 500M, 20G.",
            valueName: "size"), transform: SizeText.parse)
    var maximumSizeBytes: Int?

    @Flag(name: .customLong("dry-run"), help: "Only say what would be removed.")
    var dryRun = false

    @Flag(help: "The result as JSON.")
    var json = false

    func validate() throws {
        if !(0...100_000).contains(keepDays) {
            throw ValidationError("The value of '--keep-days' must be from 0 to 100000.")
        }
    }

    func run(_ console: Console) throws -> ExitStatus {
        let store = try console.openStore()
        let result = try store.collectGarbage(
            keepSeconds: keepDays * 86_400, maximumSizeBytes: maximumSizeBytes, isDryRun: dryRun)
        if json {
            try console.printJSON(Report(result))
            return .success
        }
        for name in result.objects where dryRun || global.verbose { console.write("\(name)\n") }
        let verb = dryRun ? "would remove" : "removed"
        console.say(
            "\(verb) \(result.objects.count) objects, \(DataSize(bytes: result.freedBytes)) in all")
        return .success
    }

    private struct Report: Encodable {
        let schema = "bramble/collection/1"
        let objects: [StoreName]
        let freedBytes: Int

        enum CodingKeys: String, CodingKey {
            case schema, objects
            case freedBytes = "freed_bytes"
        }

        init(_ result: Store.CollectionResult) {
            objects = result.objects
            freedBytes = result.freedBytes
        }
    }
}
