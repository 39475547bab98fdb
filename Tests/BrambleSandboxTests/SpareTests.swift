import Glibc
import TestKit
import Testing

@testable import BrambleSandbox

/// Sandboxes that the launcher prepares before anybody asks for them.
@Suite struct SpareTests {
    @Test(.timeLimit(.minutes(1)))
    func theNextOneIsPreparedMeanwhile() async throws {
        let launcher = try SandboxLauncher()
        var states: [[String]] = []
        for number in 0..<4 {
            let probe = try ProbeRun("state")
            let lines = LineCollector()
            let result = try await launcher.run(probe.command, .log { lines.append($0) })
            #expect(result.isSuccess)
            states.append(lines.all.filter { !$0.contains(probe.scratch.path) })
            // Who asks once may never ask again.
            try await spares(of: launcher, count: number == 0 ? 0 : 1)
        }
        #expect(states.allSatisfy { $0 == states[0] && !$0.isEmpty })
    }

    @Test(.timeLimit(.minutes(1)))
    func theFirstOneIsPreparedIfItIsSaid() async throws {
        let launcher = try SandboxLauncher()
        for _ in 0..<2 { launcher.prepare() }
        let spare = try #require(try await spares(of: launcher, count: 1).first)
        let probe = try ProbeRun("exit", "7")
        let result = try await launcher.run(probe.command, .inherited)
        #expect(result.ending == .exited(status: 7))
        let next = try #require(try await spares(of: launcher, count: 1).first)
        #expect(next != spare)
    }

    @Test(.timeLimit(.minutes(1)))
    func oneThatWasKilledIsNotMissed() async throws {
        let launcher = try SandboxLauncher()
        let probe = try ProbeRun("exit", "7")
        for _ in 0..<2 { _ = try await launcher.run(probe.command, .inherited) }
        let spare = try #require(try await spares(of: launcher, count: 1).first)
        kill(spare, SIGKILL)
        try await spares(of: launcher, count: 0)
        let result = try await launcher.run(probe.command, .inherited)
        #expect(result.ending == .exited(status: 7))
    }

    /// What a spare has made is what the command would have been given: another root, user or network is made anew.
    @Test func othersAreNotServedByIt() async throws {
        let launcher = try SandboxLauncher()
        let usual = try ProbeRun("exit", "0")
        for _ in 0..<2 { _ = try await launcher.run(usual.command, .inherited) }
        let full = try ProbeRun("fill", "/tmp/file")
        full.command.limits.scratchBytes = 1 << 20
        let lines = LineCollector()
        _ = try await launcher.run(full.command, .log { lines.append($0) })
        #expect(lines.all == ["refused: ENOSPC"])
    }

    /// Waits until the launcher has so many children.
    @discardableResult
    private func spares(of launcher: SandboxLauncher, count: Int) async throws -> [pid_t] {
        let path = "/proc/\(launcher.process)/task/\(launcher.process)/children"
        while true {
            try Task.checkCancellation()
            let children = try TextFile.read(path).split(separator: " ").compactMap { pid_t($0) }
            if children.count == count { return children }
            await Task.yield()
        }
    }
}
