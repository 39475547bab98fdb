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
    @OptionGroup var progress: ProgressOptions

    @Argument(help: .init("What to build; by default `./...`.", valueName: "target"))
    var targets: [String] = []

    @Option(
        name: .customLong("graph"),
        help: .init(
            "Build a graph that another front end has written; `-` is standard input.",
            valueName: "file"))
    var graphFile: String?

    @Option(
        name: [.customShort("o"), .customLong("out-link")],
        help: .init("Make a symbolic link to the output, which keeps it.", valueName: "path"))
    var link: String?

    @Flag(help: "Build what was named even if it is there.")
    var rebuild = false

    @Option(
        help: .init(
            "Build what was named again, once or `=` so many times, each time under other "
                + "circumstances, and compare.", valueName: "count"))
    var check = 0

    @Flag(
        name: [.customShort("n"), .customLong("dry-run")],
        help: "Only say what would be built; status 12 if anything.")
    var dryRun = false

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
        settings.isDryRun = dryRun
        let store = try console.openStore()
        let result = try BuildWatch(console, global, progress).whole { watch throws(BrambleError) in
            try build(in: store, settings, console) { watch.take($0) }
        }
        if let link, result.isSuccess, !dryRun { try store.link(result, at: link) }
        try show(result, console)
        return ExitStatus(result)
    }

    private func build(
        in store: Store, _ settings: BuildSettings, _ console: Console,
        report: @escaping @Sendable (BuildEvent) -> Void
    ) throws(BrambleError) -> BuildResult {
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
                targets, in: store, settings, cancellation: cancellation,
                evaluated: {
                    console.say(printedBy: $0)
                    console.keep($0)
                }, report: report)
        }
    }

    private func show(_ result: BuildResult, _ console: Console) throws {
        if json {
            try console.printJSON(BuildReport(result))
            return
        }
        for derivation in result.pending { console.write("would build \(derivation)\n") }
        for output in result.targets.flatMap(\.derivations).flatMap(\.outputs) {
            console.write(output.diskPath + "\n")
        }
    }
}

extension ExitStatus {
    /// What the first failure calls for.
    init(_ result: BuildResult) {
        guard let first = result.failures.first else {
            self = result.pending.isEmpty ? .success : .wouldChange
            return
        }
        self.init(first.failure.reason)
    }
}

extension BuildReport {
    init(_ result: BuildResult) {
        self.init(
            targets: result.targets.map { target in
                Target(
                    target: target.name,
                    derivations: target.derivations.map { derivation in
                        Derivation(
                            derivation: derivation.hash, name: derivation.name,
                            outputs: derivation.outputs.map { output in
                                Output(
                                    output: output.name, path: output.path,
                                    diskPath: output.diskPath)
                            })
                    })
            })
    }
}
