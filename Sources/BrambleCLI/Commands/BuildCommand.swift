import ArgumentParser
import Bramble
import BrambleModel

/// `bramble build TARGET…`, `bramble build --graph FILE`
struct BuildCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build targets, and print where their outputs are.",
        discussion: """
            What is there already is not built again. Each line of the result is the path of an \
            output on this machine; in builds and in `bramble run` it has its path below \
            \(StorePath.prefix).
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var evaluation: EvaluationOptions
    @OptionGroup var options: BuildOptions

    @Argument(help: .init("What to build; by default `./...`.", valueName: "target"))
    var targets: [String] = []

    @Option(
        name: .customLong("graph"),
        help: .init(
            "Build a graph that another front end has written; `-` is standard input.",
            valueName: "file"))
    var graphFile: String?

    @Flag(help: "Build what was named even if it is there.")
    var rebuild = false

    @Option(
        help: .init(
            "Build what was named again, so many times and each time under other circumstances, "
                + "and compare.", valueName: "count"))
    var check = 0

    @Flag(help: "The result as JSON.")
    var json = false

    func validate() throws {
        if graphFile != nil && !targets.isEmpty {
            throw ValidationError("'--graph' takes no targets.")
        }
        if !(0...100).contains(check) {
            throw ValidationError("The value of '--check' must be from 0 to 100.")
        }
    }

    func run(_ console: Console) throws -> ExitStatus {
        var settings = options.settings(global)
        settings.rebuilds = rebuild
        settings.checks = check
        let result = try build(settings, console)
        for target in result.targets {
            for output in target.derivations.flatMap(\.outputs) {
                console.write(output.diskPath + "\n")
            }
        }
        guard let first = result.failures.first else { return .success }
        return ExitStatus(first.failure.reason)
    }

    private func build(_ settings: BuildSettings, _ console: Console) throws -> BuildResult {
        let store = try Store(folder: try StandardFolders.store())
        let report: @Sendable (BuildEvent) -> Void = { event in console.say("\(event)") }
        if let graphFile {
            let file = try InputFile.read(graphFile)
            let graph = GraphFile(name: file.name, bytes: file.bytes)
            let folder = WorkingDirectory.current
            return try console.runTask { _ throws(BrambleError) in
                try await store.build(graph, sourcesIn: folder, settings, report: report)
            }
        }
        let workspace = try Workspace(global, evaluation)
        let targets = targets.isEmpty ? ["./..."] : targets
        return try console.runTask { cancellation throws(BrambleError) in
            try await workspace.build(
                targets, in: store, settings, cancellation: cancellation, report: report)
        }
    }
}
