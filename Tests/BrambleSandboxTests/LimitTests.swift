import BrambleSandbox
import TestKit
import Testing

/// Commands that take too much, of anything.
@Suite struct LimitTests {
    @Test func timeout() async throws {
        let probe = try ProbeRun("sleep")
        probe.command.limits.timeout = .milliseconds(50)
        #expect(try await probe.run().ending == .stopped(.timeout))
    }

    @Test func silence() async throws {
        let probe = try ProbeRun("sleep")
        probe.command.limits.silence = .milliseconds(50)
        let result = try await probe.run()
        #expect(result.ending == .stopped(.silence))
    }

    @Test func forkBomb() async throws {
        let probe = try ProbeRun("fork-bomb")
        probe.command.limits.processes = 50
        let result = try await probe.run()
        #expect(result.ending == .exited(status: 0))
        #expect(probe.lines == ["EAGAIN after fewer than 1000"])
    }

    @Test func scratchIsFull() async throws {
        let probe = try ProbeRun("fill", "/tmp/file")
        probe.command.limits.scratchBytes = 64 << 20
        try await probe.run()
        #expect(probe.lines == ["refused: ENOSPC"])
    }

    @Test func fileTooLarge() async throws {
        let probe = try ProbeRun("fill", ProbeRun.output + "/file")
        probe.command.limits.fileBytes = 4 << 20
        let result = try await probe.run()
        #expect(result.ending == .signalled(25))
    }

    @Test func outputTooLarge() async throws {
        let probe = try ProbeRun("fill", ProbeRun.output + "/file")
        probe.command.limits.outputBytes = 4 << 20
        // Stops the test if the other limit does not work.
        probe.command.limits.fileBytes = 4 << 30
        #expect(try await probe.run().ending == .stopped(.outputSize))
    }

    @Test func lineOfAGibibyte() async throws {
        let probe = try ProbeRun("long-line", "1024")
        let result = try await probe.run()
        #expect(result.ending == .exited(status: 0))
        #expect(probe.lines.count == 1)
        #expect(probe.lines[0].utf8.count < 9 << 10)
    }

    @Test func logTooLarge() async throws {
        let probe = try ProbeRun("long-line", "1024")
        probe.command.limits.logBytes = 1 << 20
        #expect(try await probe.run().ending == .stopped(.logSize))
    }

    @Test func memory() async throws {
        let probe = try ProbeRun("exit", "0")
        probe.command.limits.memoryBytes = 64 << 10
        // Its own pages don't fit: the kernel refuses the program or ends it.
        let result = try? await probe.run()
        #expect(result?.isSuccess != true)
    }
}
