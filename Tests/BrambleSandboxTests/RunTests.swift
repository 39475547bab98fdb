import BrambleSandbox
import Foundation
import Glibc
import TestKit
import Testing

/// How runs end, what is measured, what is passed in.
@Suite struct RunTests {
    struct Ending: Sendable, CustomTestStringConvertible {
        var arguments: (String, String)
        var expected: SandboxResult.Ending
        var testDescription: String { "\(arguments)" }
    }

    static let endings = [
        Ending(arguments: ("exit", "0"), expected: .exited(status: 0)),
        Ending(arguments: ("exit", "3"), expected: .exited(status: 3)),
        Ending(arguments: ("signal", "11"), expected: .signalled(SIGSEGV)),
        Ending(arguments: ("signal", "15"), expected: .signalled(SIGTERM)),
    ]

    @Test(arguments: endings)
    func ending(_ testCase: Ending) async throws {
        let probe = try ProbeRun(testCase.arguments.0, testCase.arguments.1)
        let result = try await probe.run()
        #expect(result.ending == testCase.expected)
        #expect(result.usage != nil)
    }

    @Test func environmentIsWhatWasGivenAndNothingElse() async throws {
        let probe = try ProbeRun("state")
        probe.command.environment = ["B": "2", "A": "1 = x"]
        try await probe.run()
        let environment = probe.lines.filter { $0.hasPrefix("environment") }
        #expect(environment == ["environment A=1 = x", "environment B=2"])
    }

    @Test func descriptorsOfTheCallerStayOutside() async throws {
        // Not closed by exec: only closing all can keep it out.
        let leak = dup(0)
        defer { close(leak) }
        let probe = try ProbeRun("state")
        try await probe.run()
        let open = probe.lines.filter { $0.hasPrefix("descriptor") }
        #expect(open == ["descriptor 0", "descriptor 1", "descriptor 2"])
    }

    private static let ofProcess = __priority_which_t(PRIO_PROCESS.rawValue)

    /// Whatever priority the thread has that starts the launcher: those of libdispatch may have others.
    ///
    /// Only root may raise a priority, so only then libdispatch does.
    @Test(.enabled(if: geteuid() == 0)) func priorityIsThatOfTheProcess() async throws {
        let probe = try ProbeRun("priority")
        let launcher: SandboxLauncher = try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                setpriority(Self.ofProcess, 0, 17)
                continuation.resume(with: Result { try SandboxLauncher() })
            }
        }
        let lines = LineCollector()
        let result = try await launcher.run(probe.command, .log { lines.append($0) })
        #expect(result.isSuccess)
        #expect(lines.all == ["\(getpriority(Self.ofProcess, id_t(getpid())))"])
    }

    @Test func terminalLogIsATerminal() async throws {
        let probe = try ProbeRun("print", "a line\n")
        let lines = LineCollector()
        let result = try await ProbeRun.sharedLauncher()
            .run(probe.command, .terminalLog { lines.append($0) })
        #expect(result.isSuccess)
        #expect(lines.all == ["a line"])
    }

    @Test func cancellingKills() async throws {
        let probe = try ProbeRun("sleep")
        let (started, signal) = AsyncStream<Void>.makeStream()
        let command = probe.command
        let task = Task {
            try await ProbeRun.sharedLauncher().run(command, .log { _ in signal.yield() })
        }
        for await _ in started { break }
        task.cancel()
        #expect(try await task.value.ending == .stopped(.cancelled))
    }

    struct Failure: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var code: SandboxError.Code
        var change: @Sendable (inout SandboxCommand) -> Void
    }

    static let failures = [
        Failure(testDescription: "missing program", code: .program) { $0.program = "/absent" },
        Failure(testDescription: "missing directory", code: .program) { $0.directory = "/absent" },
        Failure(testDescription: "missing source", code: .mount) {
            $0.mounts.append(SandboxMount("/a", .readOnly("/absent/file")))
        },
        Failure(testDescription: "zero byte", code: .invalidCommand) { $0.arguments = ["a\0b"] },
        Failure(testDescription: "too large", code: .invalidCommand) {
            $0.arguments = [String(repeating: "a", count: 2 << 20)]
        },
        Failure(testDescription: "unclean path", code: .invalidCommand) {
            $0.mounts.append(SandboxMount("/a/../b", .scratch))
        },
    ]

    @Test(arguments: failures)
    func failure(_ testCase: Failure) async throws {
        let probe = try ProbeRun("exit", "0")
        testCase.change(&probe.command)
        let error = await #expect(throws: SandboxError.self) { try await probe.run() }
        #expect(error?.code == testCase.code)
    }

    @Test func machineIsProbed() async throws {
        let probe = await SandboxProbe.run()
        #expect(probe.isUsable)
        #expect(
            probe.findings.map(\.subject) == [
                "sandbox", "overlay", "process limit", "control groups",
            ])
    }

    @Test func manyRunAtOnce() async throws {
        try await withThrowingTaskGroup(of: SandboxResult.Ending.self) { group in
            for number in 0..<40 {
                let probe = try ProbeRun("exit", "\(number)")
                group.addTask { try await probe.run().ending }
            }
            var endings: Set<SandboxResult.Ending> = []
            for try await ending in group { endings.insert(ending) }
            #expect(endings.count == 40)
        }
    }
}
