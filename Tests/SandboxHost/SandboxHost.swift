import BrambleSandbox
import Glibc

/// Runs a static program of the host in a sandbox that holds nothing else, for tests that need a process of
/// their own to kill, and for benchmarks.
///
/// `SandboxHost COUNT MEGABYTES PROGRAM [ARGUMENT…]` runs it COUNT times, one after the other, with so much memory in use
/// by the host as a build has. It exits with the status of the last, or with 125 if that was no status.
@main
enum SandboxHost {
    static func main() async {
        let words = CommandLine.arguments.dropFirst()
        guard words.count >= 3, let count = Int(words[1]), let megabytes = Int(words[2]) else {
            print("usage: SandboxHost COUNT MEGABYTES PROGRAM [ARGUMENT…]")
            exit(2)
        }
        do {
            exit(try await run(command(words[3], words.dropFirst(3)), count, megabytes))
        } catch {
            print(error)
            exit(125)
        }
    }

    private static func command(
        _ program: String, _ arguments: ArraySlice<String>
    ) -> SandboxCommand {
        let path = "/bin/" + (program.split(separator: "/").last ?? "program")
        return SandboxCommand(
            program: path, arguments: Array(arguments), environment: [:], directory: "/",
            mounts: [SandboxMount(path, .readOnly(program))], sharesNetwork: false,
            limits: SandboxLimits())
    }

    /// When it returns the launcher has ended, and what all the runs have used counts as used by children.
    private static func run(
        _ command: SandboxCommand, _ count: Int, _ megabytes: Int
    ) async throws -> Int32 {
        let launcher = try SandboxLauncher()
        // Behind the launcher's start, as in a build; not all zeroes, so that it is really there.
        let memory = [UInt8](repeating: 1, count: megabytes << 20)
        var status: Int32 = 0
        for _ in 0..<count {
            let result = try await launcher.run(command, .inherited)
            guard case .exited(let own) = result.ending else { return 125 }
            status = own
        }
        return withExtendedLifetime(memory) { status }
    }
}
