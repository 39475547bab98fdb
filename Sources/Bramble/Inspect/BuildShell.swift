import BrambleBuild
public import BrambleModel
import BrambleSandbox
import BrambleStore

/// The sandbox of a build, for a person to step into.
public struct BuildShell: Sendable {
    public let name: DerivationName
    let derivation: DerivationHash
    let resolved: ResolvedDerivation
}

extension Store {
    /// The sandbox of the build that failed last.
    ///
    /// - Throws: `nothingMatched` if none has.
    public func shellOfLastFailure() throws(BrambleError) -> BuildShell {
        let record = try BrambleError.storing { () throws(StoreError) in
            try FailureRecord.find(nil, in: local)
        }
        guard let record, let resolved = record.resolved else {
            throw BrambleError(
                .nothingMatched, "there is no build that failed in a sandbox",
                hint: "`bramble shell TARGET` enters that of a target")
        }
        return BuildShell(
            name: record.name, derivation: record.derivation, resolved: resolved)
    }

    /// Runs a shell in the sandbox of a build: with its inputs, sources, environment and output
    /// paths, and an output and a folder of its own, which go when it ends.
    ///
    /// - Parameter command: What to run in place of the shell of the build; empty for that.
    /// - Returns: The shell's status.
    /// - Throws: `nothingMatched` if the build has no shell, or what it needs was collected;
    ///   `sandbox`, `files`.
    public func enter(
        _ shell: BuildShell, command: [String], environment: [String: String]
    ) async throws(BrambleError) -> Int {
        let resolved = shell.resolved
        let program = command.isEmpty ? try ShellProgram(resolved).command : command
        let folder: String
        let world: SandboxCommand
        do throws(StoreError) {
            try local.lease(resolved.inputs)
            folder = try local.newWorkFolder()
            world = try BuildStage(local).prepare(
                resolved, program, in: folder, processors: HostProcessors.count)
        } catch {
            throw BrambleError(error)
        }
        var visible = world
        for name in ["TERM", "COLORTERM", "NO_COLOR"] {
            visible.environment[name] = environment[name]
        }
        defer { WorkFolders.remove(folder) }
        return try await Sandboxes.run(visible)
    }
}

/// Which program of a build's own is a shell.
private struct ShellProgram {
    let command: [String]

    init(_ resolved: ResolvedDerivation) throws(BrambleError) {
        if resolved.links["/bin/sh"] != nil {
            command = ["/bin/sh"]
            return
        }
        let program = resolved.builder
        let name = program.split(separator: "/").last.map(String.init) ?? program
        switch name {
        case "sh", "bash", "dash", "ash", "zsh", "ksh": command = [program]
        case "busybox": command = [program, "sh"]
        default:
            throw BrambleError(
                .nothingMatched, "the build of `\(resolved.name)` has no shell",
                hint: "name a program of its inputs: `bramble shell … -- PROGRAM`")
        }
    }
}
