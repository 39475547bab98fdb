import BrambleBuild
public import BrambleModel
import BrambleProject
import BrambleSandbox
import BrambleStore
import Glibc

extension Workspace {
    /// What came of a run.
    public enum RunOutcome: Sendable {
        /// The program's own status; 128 and the number of a signal that ended it.
        case ended(status: Int)
        /// It was not run, because it could not be built.
        case notBuilt(BuildResult)
    }

    /// Builds a program and runs it, in a sandbox that holds what it was built with and what was
    /// granted, with the caller's standard input, output and error.
    ///
    /// - Parameters:
    ///   - evaluated: Gets what is to be run, before anything is built.
    ///   - report: Gets what happens while it is built.
    ///   - willRun: Called between building and running.
    /// - Throws: As `build`; targets that stand for no program (`usage`), programs that are not there
    ///   (`nothingMatched`).
    public func run(
        _ request: RunRequest, in store: Store, _ settings: BuildSettings,
        cancellation: Cancellation = Cancellation(),
        evaluated: @escaping @Sendable (Evaluation) -> Void = { _ in },
        report: @escaping @Sendable (BuildEvent) -> Void,
        willRun: @escaping @Sendable () -> Void = {}
    ) async throws(BrambleError) -> RunOutcome {
        let evaluation = try evaluate([request.target], cancellation: cancellation)
        evaluated(evaluation)
        let program = try ProgramToRun(evaluation, target: request.target)
        let build = try await build(
            WorkspaceBuild.Request(evaluation, wanted: program.wanted), in: store, settings,
            report: report)
        guard build.result.isSuccess else { return .notBuilt(build.result) }
        let command = try program.command(build, store)
        let names = build.wanted.flatMap(\.outputs).map(\.name)
        let closure = try BrambleError.storing { () throws(StoreError) in
            try store.local.lease(names)
            return try store.local.findClosure(of: names)
        }
        willRun()
        let world = RunWorld(
            command: command + request.arguments, closure: closure,
            grants: try grants(program.run, request.grants), environment: request.environment,
            directory: "/"
                + (location.root.split(separator: "/").map(String.init)
                + location.current).joined(separator: "/"), store: store)
        return .ended(status: try await Sandboxes.run(world.sandboxCommand))
    }

    /// What the manifest and the target grant, whose relative paths begin at the project, and what the
    /// caller does.
    private func grants(
        _ run: ModuleOutput.Run?, _ own: RunGrants
    ) throws(BrambleError) -> RunGrants {
        let manifest = try OpenProject(location).manifest.grants
        var grants = RunGrants()
        grants.paths = try (manifest.paths + (run?.paths ?? [])).map(absolutePath)
        grants.readOnlyPaths = try (manifest.readOnlyPaths + (run?.readOnlyPaths ?? []))
            .map(absolutePath)
        grants.hiddenPaths = try (manifest.hiddenPaths + (run?.hiddenPaths ?? []))
            .map(absolutePath)
        grants.sharesNetwork = manifest.network || run?.network == true
        return grants.merging(own)
    }

    private func absolutePath(_ path: String) throws(BrambleError) -> String {
        try BrambleError.catching { () throws(ProjectError) in
            try HostFile.absolutePath(path.hasPrefix("/") ? path : location.root + "/" + path)
        }
    }
}

/// Sandboxes that a person waits for.
enum Sandboxes {
    /// Runs a command with the caller's standard input, output and error; at a terminal with one of its
    /// own, as only that can control what runs in it.
    ///
    /// - Returns: The status, as shells count.
    /// - Throws: `sandbox`, `nothingMatched` if the program cannot be run, `interrupted`.
    static func run(_ command: SandboxCommand) async throws(BrambleError) -> Int {
        guard isatty(STDIN_FILENO) != 0, isatty(STDOUT_FILENO) != 0 else {
            return try await run(command, .inherited)
        }
        let relay: TerminalRelay
        do throws(SandboxError) {
            relay = try TerminalRelay(input: STDIN_FILENO, output: STDOUT_FILENO)
        } catch {
            throw BrambleError(.sandbox, error.message, hint: error.hint)
        }
        defer { relay.finish() }
        return try await run(command, .terminal(relay.commandEnd))
    }

    private static func run(
        _ command: SandboxCommand, _ standardIO: SandboxStandardIO
    ) async throws(BrambleError) -> Int {
        let result: SandboxResult
        do throws(SandboxError) {
            result = try await SandboxLauncher().run(command, standardIO)
        } catch {
            let kind: BrambleError.Kind =
                switch error.code {
                case .unavailable, .resources: .sandbox
                case .program: .nothingMatched
                case .mount, .invalidCommand: .usage
                }
            throw BrambleError(kind, error.message, hint: error.hint)
        }
        switch result.ending {
        case .exited(let status): return Int(status)
        case .signalled(let signal): return 128 + Int(signal)
        case .stopped(.cancelled): throw BrambleError(.interrupted, "interrupted")
        case .stopped: return 128 + 9
        }
    }
}
