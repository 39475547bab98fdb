import BrambleModel
import BrambleSandbox
import BrambleStore
import Synchronization
import TestKit
import Testing

@testable import BrambleBuild

/// Builders of several builds that share places.
@Suite struct SharedExecutorTests {
    private func job(_ name: String) throws -> BuildJob {
        let resolved = try ResolvedDerivation(try derivation(name), .init())
        return BuildJob(
            resolved: resolved, command: ["/bin/fake"], outputs: [], closure: [], sources: nil,
            limits: BuildLimits(), variation: .usual, isFresh: false)
    }

    @Test func noMoreThanThereArePlaces() async throws {
        let scratch = try ScratchFolder()
        let inner = FakeExecutor { _ in for _ in 0..<20 { await Task.yield() } }
        let shared = SharedExecutor(inner, limit: 3)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<30 {
                let job = try job("d\(number)")
                group.addTask {
                    _ = try await shared.run(job, in: scratch.path) { _ in }
                }
            }
            try await group.waitForAll()
        }
        #expect(inner.takeNames().count == 30)
        #expect(inner.maximumRunning <= 3)
    }

    /// Who waits and is cancelled does not run, and takes no place from others.
    @Test func cancelledWhileWaiting() async throws {
        let scratch = try ScratchFolder()
        let begun = AsyncStream.makeStream(of: Void.self)
        let gate = AsyncStream.makeStream(of: Void.self)
        let inner = FakeExecutor { run in
            guard run.name == "first" else { return }
            begun.continuation.finish()
            for await _ in gate.stream {}
        }
        let shared = SharedExecutor(inner, limit: 1)
        let (first, second, third) = (try job("first"), try job("second"), try job("third"))
        let running = Task { try await shared.run(first, in: scratch.path) { _ in } }
        for await _ in begun.stream {}
        let waiting = Task { try await shared.run(second, in: scratch.path) { _ in } }
        waiting.cancel()
        let result = await waiting.result
        #expect(throws: CancellationError.self) { try result.get() }
        gate.continuation.finish()
        _ = try await running.value
        _ = try await shared.run(third, in: scratch.path) { _ in }
        #expect(inner.takeNames() == ["first", "third"])
    }

    /// A place is given back also by who fails.
    @Test func afterFailures() async throws {
        let scratch = try ScratchFolder()
        let inner = FakeExecutor { run in throw FakeExecutor.failure(run) }
        let shared = SharedExecutor(inner, limit: 1)
        for name in ["one", "two"] {
            let job = try job(name)
            await #expect(throws: BuildFailure.self) {
                _ = try await shared.run(job, in: scratch.path) { _ in }
            }
        }
        #expect(inner.takeNames() == ["one", "two"])
    }
}
