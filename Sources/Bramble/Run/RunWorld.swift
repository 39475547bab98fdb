import BrambleBuild
import BrambleModel
import BrambleSandbox
import BrambleStore

/// The sandbox of a program that a person runs: the store's part that it needs, and what was granted.
struct RunWorld {
    let command: [String]
    /// All objects that it sees.
    let closure: [StoreName]
    let grants: RunGrants
    let environment: [String: String]
    /// Where the command was started, absolute.
    let directory: String
    let store: Store

    var sandboxCommand: SandboxCommand {
        var mounts = BuildWorld.storeMounts(closure, diskPath: store.local.diskPath(of:))
        mounts += grants.paths.map { SandboxMount($0, .writable($0)) }
        mounts += grants.readOnlyPaths.filter { !grants.paths.contains($0) }
            .map { SandboxMount($0, .readOnly($0)) }
        mounts += grants.hiddenPaths.map { SandboxMount($0, .hidden) }
        var environment = ["HOME": "/homeless", "TMPDIR": "/tmp", "PATH": searchPath]
        for name in RunWorld.passedVariables { environment[name] = self.environment[name] }
        return SandboxCommand(
            program: command[0], arguments: Array(command.dropFirst()), environment: environment,
            directory: isThere(directory) ? directory : "/tmp", mounts: mounts,
            sharesNetwork: grants.sharesNetwork, limits: SandboxLimits())
    }

    /// How to talk to a person: nothing of it says what the machine is like.
    private static let passedVariables = [
        "TERM", "COLORTERM", "NO_COLOR", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "COLUMNS", "LINES",
    ]

    /// The folder of the program itself.
    private var searchPath: String {
        let program = command[0]
        return program.lastIndex(of: "/").map { String(program[..<$0]) } ?? "/"
    }

    /// Whether a folder of the machine is there in the sandbox: as one that was granted, or above or
    /// below such a one.
    private func isThere(_ folder: String) -> Bool {
        func isWithin(_ path: String, _ other: String) -> Bool {
            path == other || path.hasPrefix(other == "/" ? "/" : other + "/")
        }
        return (grants.paths + grants.readOnlyPaths).contains { granted in
            isWithin(folder, granted) || isWithin(granted, folder)
        }
    }
}
