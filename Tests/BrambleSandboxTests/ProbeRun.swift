import Synchronization
import TestKit

@testable import BrambleSandbox

/// One run of the probe in a sandbox with a build folder, an input and an output of its own.
final class ProbeRun {
    static let storeFolder = "/bramble/content-addressed-and-relocatable/store"
    static let input = storeFolder + "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    static let output = storeFolder + "/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

    let scratch: ScratchFolder
    var command: SandboxCommand
    private let log = Mutex<[String]>([])

    /// - Parameter arguments: The name of what is tried, and its argument.
    init(_ arguments: String...) throws {
        scratch = try ScratchFolder()
        for name in ["build/x", "input/file", "undeclared/file", "output/x"] {
            try scratch.write("input\n", to: name)
        }
        command = SandboxCommand(
            program: "/bin/probe", arguments: arguments, environment: ["PATH": "/bin"],
            directory: "/build",
            mounts: [
                SandboxMount("/bin/probe", .readOnly(try ProbeProgram.path())),
                SandboxMount("/build", .writable(scratch.path + "/build")),
                SandboxMount(Self.storeFolder, .directory(mode: 0o111)),
                SandboxMount(Self.input, .readOnly(scratch.path + "/input")),
                SandboxMount(Self.output, .writable(scratch.path + "/output")),
            ], sharesNetwork: false, limits: SandboxLimits())
        // A test that hangs is to fail.
        command.limits.timeout = .seconds(60)
    }

    /// All tests share one launcher, made before the first of them runs something.
    private static let launcher = Result { () throws(SandboxError) in try SandboxLauncher() }

    static func sharedLauncher() throws -> SandboxLauncher { try launcher.get() }

    @discardableResult
    func run() async throws -> SandboxResult {
        try await Self.sharedLauncher().run(command, .log { self.append($0) })
    }

    private func append(_ line: String) {
        log.withLock { $0.append(line) }
    }

    var lines: [String] { log.withLock { $0 } }
    var text: String { lines.map { $0 + "\n" }.joined() }
}

extension ProbeRun: @unchecked Sendable {
    // The only thing that changes while a run goes on is the log, behind its mutex.
}
