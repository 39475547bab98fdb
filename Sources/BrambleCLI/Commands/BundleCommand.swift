import ArgumentParser
import Bramble
import BrambleModel

/// `bramble bundle TARGET|OBJECT… --prefix PATH`
struct BundleCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Copy programs out of the store, so that they run without Bramble.",
        discussion: """
            What was named comes with all that it refers to. In every file the store's prefix is \
            replaced by PATH and slashes, so that nothing moves; what cannot be replaced, as in \
            compressed files, is warned of. Each line of the result is where an output will be. \
            The objects must be used in PATH.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var evaluation: EvaluationOptions
    @OptionGroup var options: BuildOptions
    @OptionGroup var progress: ProgressOptions

    @Argument(
        help: .init(
            "Targets, which are built; or objects, by their names or paths.",
            valueName: "target"))
    var wanted: [String]

    @Option(
        help: .init(
            "The folder that they will be in: absolute, at most 48 bytes long.",
            valueName: "path"))
    var prefix: String

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: .init(
            "What to write: a directory, or a file whose name ends in `.tar`; by default the "
                + "prefix itself.", valueName: "place"))
    var output: String?

    @Flag(help: "The result as JSON.")
    var json = false

    func run(_ console: Console) throws -> ExitStatus {
        try Store.checkPrefix(prefix)
        let store = try console.openStore()
        var names: [StoreName] = []
        var targets: [String] = []
        for text in wanted {
            if let name = store.objectName(ifWhole: text) {
                names.append(name)
            } else {
                targets.append(text)
            }
        }
        if !targets.isEmpty {
            let result = try build(targets, in: store, console)
            guard result.isSuccess else { return ExitStatus(result) }
            let outputs = result.targets.flatMap(\.derivations).flatMap(\.outputs)
            guard !outputs.isEmpty else {
                throw BrambleError(.nothingMatched, "the targets have no outputs")
            }
            for name in outputs.map(\.path.name) where !names.contains(name) { names.append(name) }
        }
        try show(try store.bundle(names, prefix: prefix, to: output), console)
        return .success
    }

    private func build(
        _ targets: [String], in store: Store, _ console: Console
    ) throws -> BuildResult {
        let workspace = try Workspace(global, evaluation)
        let settings = options.settings(global)
        return try BuildWatch(console, global, progress).whole { watch throws(BrambleError) in
            try console.runTask { cancellation throws(BrambleError) in
                try await workspace.build(
                    targets, in: store, settings, cancellation: cancellation,
                    evaluated: { console.say(printedBy: $0) },
                    report: { watch.take($0) })
            }
        }
    }

    private func show(_ bundle: Store.Bundle, _ console: Console) throws {
        if json {
            try console.printJSON(Report(bundle))
            return
        }
        for remnant in bundle.remnants {
            console.warn("`\(remnant.object)/\(remnant.path)`: \(remnant.message)")
        }
        if !bundle.remnants.isEmpty {
            console.say("what these refer to is looked for in the store: it may not be found")
        }
        for path in bundle.paths { console.write(path + "\n") }
    }

    /// Schema `bramble/bundle/1`.
    private struct Report: Encodable {
        struct Remnant: Encodable {
            let object: StoreName
            let path: String
            let offset: Int
            let message: String
        }

        let schema = "bramble/bundle/1"
        let paths: [String]
        let objects: [StoreName]
        let replaced: Int
        let remnants: [Remnant]

        init(_ bundle: Store.Bundle) {
            paths = bundle.paths
            objects = bundle.objects
            replaced = bundle.replacedCount
            remnants = bundle.remnants.map {
                Remnant(
                    object: $0.object, path: $0.path, offset: $0.offset, message: $0.message)
            }
        }
    }
}
