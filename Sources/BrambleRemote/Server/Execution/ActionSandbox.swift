internal import BrambleSandbox
internal import BrambleStore
internal import GRPCCore

/// The world of an action: its input root is the root, and it may write everywhere.
struct ActionSandbox {
    let request: ActionRequest
    /// The folder of this machine that is the root.
    let root: String
    /// Paths of this machine that actions see too, where their input root has nothing of that name.
    let exposed: [String]
    let timeout: Duration
    /// What the action and its inputs may take on disk.
    let maximumBytes: Int

    /// What the sandbox itself puts into the root: inputs of these names are not seen.
    static let ownNames: Set<String> = ["proc", "dev"]

    /// - Parameter taken: The names in the root that the inputs have.
    func command(taken: Set<String>) throws -> SandboxCommand {
        let directory = "/" + request.workingDirectory
        var command = SandboxCommand(
            program: try program(from: directory, taken),
            arguments: Array(request.arguments.dropFirst()), environment: request.environment,
            directory: directory, mounts: mounts(taken), sharesNetwork: false,
            limits: SandboxLimits())
        command.rootFolder = root
        command.limits.timeout = timeout
        command.limits.outputBytes = maximumBytes
        if let number = request.userNumber { command.variation.userNumber = number }
        return command
    }

    /// What is mounted: what is exposed, and `/tmp` if the action has none of its own.
    private func mounts(_ taken: Set<String>) -> [SandboxMount] {
        var mounts = visible(taken).map { SandboxMount($0, .readOnly($0)) }
        if !taken.contains("tmp") { mounts.append(SandboxMount("/tmp", .scratch)) }
        return mounts
    }

    private func visible(_ taken: Set<String>) -> [String] {
        exposed.filter { path in
            let first = path.split(separator: "/").first.map { String($0) } ?? ""
            return !taken.contains(first) && !ActionSandbox.ownNames.contains(first)
        }
    }

    /// REAPI v2, `Command.arguments`: an absolute path, one relative to the working directory, or a
    /// name to be looked for in `PATH`.
    private func program(from directory: String, _ taken: Set<String>) throws -> String {
        let name = request.arguments[0]
        if name.hasPrefix("/") { return name }
        if name.contains("/") { return directory == "/" ? "/" + name : "\(directory)/\(name)" }
        for folder in (request.environment["PATH"] ?? "").split(separator: ":") {
            let path = "\(folder)/\(name)"
            if folder.hasPrefix("/"), isThere(path, taken) { return path }
        }
        throw RequestError(
            .invalidArgument, "the program `\(name.prefix(200))` is not in the command's `PATH`")
    }

    /// Whether there is something at a path of the sandbox. Links are not followed: they may lead anywhere.
    private func isThere(_ path: String, _ taken: Set<String>) -> Bool {
        let isExposed = visible(taken).contains { path.hasPrefix($0 + "/") }
        return [root + path, isExposed ? path : nil].compactMap(\.self).contains { path in
            // What can't be looked at can't be run.
            ((try? POSIXFileSystem().status(at: Place(path))) ?? nil) != nil
        }
    }
}
