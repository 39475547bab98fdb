import ArgumentParser
import Bramble
import BrambleModel

/// `bramble shell TARGET`, `bramble shell --last-failed`
struct ShellCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "shell",
        abstract: "Step into the sandbox of a build.",
        discussion: """
            The shell sees what the builder sees: the inputs, the sources, the environment, the \
            paths of the outputs. What it needs is built before; what it writes goes when it ends. \
            The shell is `/bin/sh` of the derivation's links, or its builder if that is one; \
            another program is named behind `--`.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var evaluation: EvaluationOptions
    @OptionGroup var options: BuildOptions
    @OptionGroup var progress: ProgressOptions

    @Argument(help: .init("Whose build to step into.", valueName: "target"))
    var target: String?

    @Flag(name: .customLong("last-failed"), help: "That of the build that failed last.")
    var isLastFailed = false

    @Argument(
        parsing: .postTerminator,
        help: .init("What to run in place of the shell.", valueName: "command"))
    var command: [String] = []

    func validate() throws {
        if (target == nil) != isLastFailed {
            throw ValidationError("Name a target, or '--last-failed'.")
        }
    }

    func run(_ console: Console) throws -> ExitStatus {
        let store = try console.openStore()
        guard let shell = try shell(store, console) else { return .buildFailed }
        console.say("in the sandbox of `\(shell.name)`")
        let (command, environment) = (command, ProcessEnvironment.all)
        let status = try console.runTask { _ throws(BrambleError) in
            try await store.enter(shell, command: command, environment: environment)
        }
        return .program(status)
    }

    /// - Returns: nil if what the build needs could not be built.
    private func shell(_ store: Store, _ console: Console) throws -> BuildShell? {
        guard let target else { return try store.shellOfLastFailure() }
        let workspace = try Workspace(global, evaluation)
        let settings = options.settings(global)
        return try BuildWatch(console, global, progress).whole { watch throws(BrambleError) in
            try console.runTask { cancellation throws(BrambleError) in
                try await workspace.shell(
                    target, in: store, settings, cancellation: cancellation,
                    evaluated: { console.say(printedBy: $0) },
                    report: { watch.take($0) })
            }
        }
    }
}
