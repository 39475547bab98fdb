import ArgumentParser
import Bramble
import BrambleModel

/// `bramble lock`
struct LockCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "lock",
        abstract: "Fetch what is not locked yet, and lock it.",
        discussion: """
            What targets of the project fetch without naming its hash is kept in `bramble.lock`. \
            Lines of what nothing fetches any more are removed.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var evaluation: EvaluationOptions
    @OptionGroup var options: BuildOptions
    @OptionGroup var progress: ProgressOptions

    @Option(
        name: .customLong("update"),
        help: .init("Fetch and lock this URL anew, whatever is locked.", valueName: "url"))
    var updates: [String] = []

    @Flag(help: "Only say whether the file would change; status 12 if it would.")
    var check = false

    func run(_ console: Console) throws -> ExitStatus {
        let workspace = try Workspace(global, evaluation)
        if check { return try self.check(workspace, console) }
        let store = try console.openStore()
        let (settings, updates) = (options.settings(global), updates)
        let (result, hasChanged) = try BuildWatch(console, global, progress).whole {
            watch throws(BrambleError) in
            try console.runTask { cancellation throws(BrambleError) in
                try await workspace.lock(
                    updating: updates, in: store, settings, cancellation: cancellation,
                    evaluated: { console.say(printedBy: $0) },
                    report: { watch.take($0) })
            }
        }
        if result.isSuccess {
            console.say(hasChanged ? "bramble.lock was updated" : "bramble.lock is up to date")
        }
        return ExitStatus(result)
    }

    private func check(_ workspace: Workspace, _ console: Console) throws -> ExitStatus {
        let report = try console.cancellable { cancellation throws(BrambleError) in
            try workspace.checkLock(cancellation: cancellation)
        }
        for fact in report.missing { console.write("missing: \(fact)\n") }
        for fact in report.unused { console.write("not used: \(fact)\n") }
        return report.isComplete ? .success : .wouldChange
    }
}
