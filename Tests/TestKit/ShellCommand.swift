import FoundationEssentials
import Glibc

/// A line for the shell, and what came of it.
public struct ShellCommand {
    /// What a command wrote, and how it ended.
    public struct Outcome: Sendable {
        public var standardOutput: String
        public var standardError: String
        /// The exit status; for a signal, 128 and its number.
        public var status: Int32
    }

    /// Where it runs.
    public var folder: String
    /// The whole environment, `NAME=value` each.
    public var environment: [String]

    public init(folder: String, environment: [String]) {
        self.folder = folder
        self.environment = environment
    }

    /// Runs a line with `/bin/sh`, without standard input. Whatever takes a minute is stopped.
    public func run(_ line: String) throws -> Outcome {
        // Files rather than pipes: nobody has to read two pipes at once.
        let scratch = try ScratchFolder()
        let output = scratch.path + "/out"
        let errors = scratch.path + "/err"
        let process = try spawn(line, output: output, errors: errors)
        let status = try wait(for: process)
        return Outcome(
            standardOutput: try TextFile.read(output), standardError: try TextFile.read(errors),
            status: status)
    }

    private func spawn(_ line: String, output: String, errors: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let creation = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, creation, 0o600)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, creation, 0o600)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var defaults = sigset_t()
        sigemptyset(&defaults)
        // What runs the tests may ignore these two; commands are to find them as at a terminal.
        sigaddset(&defaults, SIGINT)
        sigaddset(&defaults, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETPGROUP))

        var process = pid_t()
        let script = "cd \"$0\" && eval \"$1\""
        let status = withCStrings(["sh", "-c", script, folder, line]) { arguments in
            withCStrings(environment) { environment in
                posix_spawn(&process, "/bin/sh", &actions, &attributes, arguments, environment)
            }
        }
        guard status == 0 else { throw POSIXFailure(call: "posix_spawn", number: status) }
        return process
    }

    private static let patienceSeconds = 60

    /// - Returns: The status as a shell would count it.
    private func wait(for process: pid_t) throws -> Int32 {
        var status: Int32 = 0
        let stepMicroseconds: UInt32 = 2_000
        let steps = ShellCommand.patienceSeconds * 1_000_000 / Int(stepMicroseconds)
        for _ in 0..<steps {
            let ended = waitpid(process, &status, WNOHANG)
            if ended == process {
                let signal = status & 0x7f
                return signal == 0 ? (status >> 8) & 0xff : 128 + signal
            }
            if ended < 0 && errno != EINTR { throw POSIXFailure(call: "waitpid", number: errno) }
            usleep(stepMicroseconds)
        }
        // The group: what the shell started goes with it.
        kill(-process, SIGKILL)
        waitpid(process, &status, 0)
        throw POSIXFailure(call: "command", number: ETIMEDOUT)
    }

    private func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) } + [nil]
        defer { for copy in copies { free(copy) } }
        return body(copies)
    }
}
