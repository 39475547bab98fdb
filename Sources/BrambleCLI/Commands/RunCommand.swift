import ArgumentParser
import Bramble
import BrambleModel
import Synchronization

/// `bramble run TARGET [-- ARGUMENT…]`
struct RunCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Build a program, and run it in a sandbox.",
        discussion: """
            It sees what it was built with, and what the target's `run()` and the options grant: \
            no other files, no network. Relative paths of `run()` begin at the project. The status \
            is the program's own.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var evaluation: EvaluationOptions
    @OptionGroup var options: BuildOptions
    @OptionGroup var progress: ProgressOptions
    @OptionGroup var grants: RunGrantOptions

    @Argument(help: .init("What to run.", valueName: "target"))
    var target: String

    @Argument(
        parsing: .postTerminator, help: .init("What the program is given.", valueName: "argument"))
    var arguments: [String] = []

    func run(_ console: Console) throws -> ExitStatus {
        let workspace = try Workspace(global, evaluation)
        let store = try console.openStore()
        var request = RunRequest(target: target)
        request.arguments = arguments
        request.grants = try grants.grants()
        request.environment = ProcessEnvironment.all
        let (settings, final) = (options.settings(global), request)
        let watch = try BuildWatch(console, global, progress)
        let ending = OnceFlag()
        let outcome = try console.runTask { cancellation throws(BrambleError) in
            try await workspace.run(
                final, in: store, settings, cancellation: cancellation,
                evaluated: { console.say(printedBy: $0) },
                report: { watch.take($0) },
                willRun: {
                    // What the program writes comes behind what was said of the build; a file that
                    // is not complete is reported when it has ended.
                    if ending.set() { try? watch.finish(saysSummary: false) }
                })
        }
        if ending.set() { try watch.finish() }
        switch outcome {
        case .ended(let status): return .program(status)
        case .notBuilt(let result): return ExitStatus(result)
        }
    }
}

/// Something that happens once, whoever comes first.
private final class OnceFlag: Sendable {
    private let isSet = Mutex(false)

    /// - Returns: Whether it was not set before.
    func set() -> Bool {
        isSet.withLock { isSet in
            defer { isSet = true }
            return !isSet
        }
    }
}
