import ArgumentParser
import Bramble
import BrambleModel

/// `bramble test [TARGET…]`
struct TestCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run the tests of targets.",
        discussion: """
            A test is a derivation that a function returns by `test()`: it passes if it can be \
            built. One that has passed is not run again until something that it needs changes.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var evaluation: EvaluationOptions
    @OptionGroup var options: BuildOptions
    @OptionGroup var progress: ProgressOptions

    @Argument(help: .init("Where the tests are; by default `./...`.", valueName: "target"))
    var targets: [String] = ["./..."]

    @Option(
        help: .init("Only tests whose target or name has this in it.", valueName: "text"))
    var filter: String?

    @Option(
        help: .init("Write what came of them to a file, as JUnit has it.", valueName: "file"))
    var junit: String?

    @Flag(help: "Run the tests even if they have passed.")
    var rebuild = false

    @Flag(help: "The result as JSON.")
    var json = false

    func run(_ console: Console) throws -> ExitStatus {
        let workspace = try Workspace(global, evaluation)
        let store = try console.openStore()
        var settings = options.settings(global)
        settings.rebuilds = rebuild
        let (targets, filter, final) = (targets, filter, settings)
        let result = try BuildWatch(console, global, progress).whole { watch throws(BrambleError) in
            try console.runTask { cancellation throws(BrambleError) in
                try await workspace.test(
                    targets, in: store, final, cancellation: cancellation,
                    evaluated: { console.say(printedBy: $0) },
                    filter: { target, name in
                        filter.map { target.contains($0) || name.description.contains($0) } ?? true
                    }, report: { watch.take($0) })
            }
        }
        if json { try console.printJSON(TestReport(result)) }
        if let junit {
            try OutputFile.write(Array(JUnitReport(result).text.utf8), to: junit)
        }
        if !json { for test in result.tests { console.write(TestList.line(test) + "\n") } }
        console.say(TestList.summary(result))
        return TestList.status(result)
    }
}
