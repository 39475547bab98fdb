import BrambleModel
import BrambleSandbox
import BrambleStore
import Synchronization
import TestKit
import Testing

@testable import BrambleBuild

/// `--check`: building again, to compare.
@Suite struct CheckTests {
    @Test func reproducible() async throws {
        let fixture = try BuildFixture()
        fixture.options.checks = 2
        let derivations = try chain(3, first: ["text"])
        let variations = NameList()
        let executor = FakeExecutor { run in
            variations.append(["\(run.name) \(run.job.variation.userNumber)"])
            try await FakeExecutor.writesArguments(run)
        }
        let built = try await fixture.build(derivations, with: executor)
        #expect(built.outcome.isSuccess)
        // Only what is wanted; each time under circumstances of its own.
        let usual = variations.all.first?.split(separator: " ").last.flatMap { Int($0) } ?? 0
        #expect(Array(variations.all.prefix(3)) == ["n0", "n1", "n2"].map { "\($0) \(usual)" })
        #expect(variations.all.dropFirst(3).sorted() == ["n2 \(usual + 1)", "n2 \(usual + 2)"])
        #expect(built.events.started == ["n0", "n1", "n2", "n2"])
        #expect(built.outcome.summary.built == 3 && built.outcome.summary.checked == 1)
        #expect(try fixture.leftovers() == "")
    }

    @Test func counterInTheOutput() async throws {
        let fixture = try BuildFixture()
        fixture.options.checks = 3
        let a = try derivation("a", outputs: ["out", "dev"])
        let counter = Mutex(0)
        let executor = FakeExecutor { run in
            let number = counter.withLock { value in
                value += 1
                return value
            }
            try run.write("the same", to: "content")
            try run.write("build \(number)", to: "content", in: "dev")
        }
        let built = try await fixture.build([a], with: executor)
        // Once is enough; and what was built first stays.
        #expect(built.outcome.failures.map(\.failure.reason) == [.notReproducible])
        #expect(executor.takeNames().count == 2)
        let dev = try #require(built.outcome.output[a.hash]).outputs[1]
        #expect(try fixture.read(dev) == "build 1")
        try GoldenFile("not-reproducible.txt").check(built.events.text)
    }

    @Test func whatIsThereIsChecked() async throws {
        let fixture = try BuildFixture()
        let a = try derivation("a")
        let executor = FakeExecutor { run in
            try run.write("\(run.job.variation.userNumber)", to: "content")
        }
        #expect(try await fixture.build([a], with: executor).outcome.isSuccess)
        fixture.options.checks = 1
        let built = try await fixture.build([a], with: executor)
        #expect(built.outcome.failures.map(\.failure.reason) == [.notReproducible])
        #expect(built.events.reused == ["a"])
        #expect(executor.takeNames() == ["a", "a"])
    }

    @Test func failsTheSecondTime() async throws {
        let fixture = try BuildFixture()
        fixture.options.checks = 1
        let a = try derivation("a")
        let executor = FakeExecutor { run in
            if run.job.variation != .usual { throw FakeExecutor.failure(run) }
        }
        let built = try await fixture.build([a], with: executor)
        #expect(built.outcome.failures.map(\.failure.reason) == [.builder])
    }

    @Test(.timeLimit(.minutes(1)))
    func cancelledWhileItChecks() async throws {
        let fixture = try BuildFixture()
        fixture.options.checks = 1
        let (started, signal) = AsyncStream<Void>.makeStream()
        let a = try derivation("a")
        let executor = FakeExecutor { run in
            guard run.job.variation != .usual else { return }
            signal.yield()
            while true {
                try Task.checkCancellation()
                await Task.yield()
            }
        }
        let task = Task { try await fixture.build([a], with: executor) }
        for await _ in started { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try fixture.leftovers() == "")
    }
}
