internal import BrambleModel
import Subprocess

/// Runs the program `git` so that nothing of the user's or the machine's configuration has a say:
/// no configuration files, no hooks, no prompts, no helpers, and only the protocols that fetches may use.
struct GitCommand: Sendable {
    /// The repository, bare.
    let repository: String
    /// The whole environment.
    let environment: [String: String]

    /// - Parameters:
    ///   - outer: The user's environment, of which paths, proxies and the ssh agent are kept.
    ///   - configuration: More configuration, `(name, value)` each. It goes by the environment, and so
    ///     may hold secrets, which arguments may not: those are for all to see.
    init(
        repository: String, outer: [String: String], configuration: [(name: String, value: String)]
    ) {
        self.repository = repository
        var environment = outer.filter { GitCommand.keptVariables.contains($0.key) }
        environment["HOME"] = "/nonexistent"
        environment["GIT_CONFIG_NOSYSTEM"] = "1"
        environment["GIT_CONFIG_GLOBAL"] = "/dev/null"
        environment["GIT_ATTR_NOSYSTEM"] = "1"
        environment["GIT_TERMINAL_PROMPT"] = "0"
        environment["GIT_ASKPASS"] = "true"
        environment["GIT_ALLOW_PROTOCOL"] = "file:http:https:ssh"
        environment["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes"
        environment["GIT_PROTOCOL"] = "version=2"
        environment["LC_ALL"] = "C"
        let all = GitCommand.configuration + configuration
        environment["GIT_CONFIG_COUNT"] = "\(all.count)"
        for (index, entry) in all.enumerated() {
            environment["GIT_CONFIG_KEY_\(index)"] = entry.name
            environment["GIT_CONFIG_VALUE_\(index)"] = entry.value
        }
        self.environment = environment
    }

    private static let keptVariables: Set<String> = [
        "PATH", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "SSL_CERT_DIR", "http_proxy", "https_proxy",
        "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
    ]

    private static let configuration: [(name: String, value: String)] = [
        ("core.hooksPath", "/dev/null"), ("core.fsmonitor", "false"),
        ("core.attributesFile", "/dev/null"), ("credential.helper", ""),
        ("fetch.recurseSubmodules", "false"),
        ("transfer.bundleURI", "false"), ("gc.auto", "0"), ("maintenance.auto", "false"),
        ("tar.umask", "0022"), ("safe.directory", "*"),
        // To other hosts at the first request only, and never with credentials: see `GitFetching`.
        ("http.followRedirects", "initial"),
        // A server that falls silent is given up after a minute.
        ("http.lowSpeedLimit", "100"), ("http.lowSpeedTime", "60"),
    ]

    /// What a command may print that we read.
    private static let maximumOutputBytes = 1 << 20

    struct Outcome: Sendable {
        let isSuccess: Bool
        let output: String
        /// What it said, the last line that is not empty.
        let complaint: String
    }

    /// Runs `git` with arguments, until it ends.
    ///
    /// - Throws: It can't be run; `CancellationError`, and then it has ended.
    func run(_ arguments: [String]) async throws -> Outcome {
        do {
            let result = try await Subprocess.run(
                .name("git"), arguments: Arguments(["--git-dir=\(repository)"] + arguments),
                environment: .custom(environment.asSubprocessEnvironment),
                output: .string(limit: GitCommand.maximumOutputBytes),
                error: .string(limit: GitCommand.maximumOutputBytes))
            if Task.isCancelled { throw CancellationError() }
            let lines = result.standardError.split(whereSeparator: \.isNewline)
            return Outcome(
                isSuccess: result.terminationStatus.isSuccess,
                output: result.standardOutput, complaint: lines.last.map(String.init) ?? "")
        } catch let error as SubprocessError {
            if Task.isCancelled { throw CancellationError() }
            throw FetchError(
                .git, "cannot run `git`", hint: "`fetch_git` needs the program `git` on the PATH",
                cause: error)
        }
    }

    /// Runs `git` with arguments, and takes it for an error if it fails.
    @discardableResult
    func succeed(_ arguments: [String]) async throws -> String {
        let outcome = try await run(arguments)
        guard outcome.isSuccess else {
            throw FetchError(.git, "`git \(arguments[0])` failed: \(visible(outcome.complaint))")
        }
        return outcome.output
    }
}
