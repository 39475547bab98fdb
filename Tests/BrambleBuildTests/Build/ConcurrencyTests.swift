import BrambleModel
import BrambleStore
import Synchronization
import Testing

@testable import BrambleBuild

/// How much happens at once, and who does it.
@Suite struct ConcurrencyTests {
    /// Lets as many go on at once as its size, and no fewer.
    private final class Barrier: Sendable {
        private let size: Int
        private let arrived = Mutex(0)

        init(_ size: Int) {
            self.size = size
        }

        func pass() async {
            let own = arrived.withLock { count in
                count += 1
                return count
            }
            let last = (own + size - 1) / size * size
            while arrived.withLock({ $0 < last }) { await Task.yield() }
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [1, 2, 3, 7])
    func jobs(_ jobs: Int) async throws {
        let fixture = try BuildFixture()
        fixture.options.jobs = jobs
        let derivations = try (0..<jobs * 6).map { try derivation("n\($0)", ["\($0)"]) }
        let barrier = Barrier(jobs)
        let executor = FakeExecutor { run in
            // Hangs with fewer than `jobs` at once.
            await barrier.pass()
            for _ in 0..<20 { await Task.yield() }
        }
        let built = try await fixture.build(derivations, wanted: derivations, with: executor)
        #expect(built.outcome.isSuccess)
        #expect(executor.takeNames().count == jobs * 6)
        #expect(executor.maximumRunning == jobs)
    }

    /// Two builds of one graph at once: as in two processes.
    @Test(.timeLimit(.minutes(1)))
    func eachDerivationRunsOnce() async throws {
        let fixture = try BuildFixture()
        fixture.options.jobs = 3
        var derivations: [Derivation] = []
        for number in 0..<40 {
            let needs = [number / 2, number - 7].filter { $0 >= 0 && $0 < number }
            derivations.append(
                try derivation(
                    "n\(number)", ["\(number)"], needs: Set(needs).sorted().map { derivations[$0] })
            )
        }
        let graph = derivations
        let executor = FakeExecutor { run in
            for _ in 0..<20 { await Task.yield() }
            try await FakeExecutor.writesArguments(run)
        }
        async let first = fixture.build(graph, wanted: graph, with: executor)
        async let second = fixture.build(graph, wanted: graph, with: executor)
        let (one, other) = try await (first, second)
        #expect(one.outcome.output.built == other.outcome.output.built)
        #expect(one.outcome.isSuccess && other.outcome.isSuccess)
        #expect(executor.takeNames().sorted() == graph.map(\.name.description).sorted())
        for built in [one, other] {
            let summary = built.outcome.summary
            #expect(summary.built + summary.reused == 40)
        }
        #expect(try fixture.leftovers() == "")
    }

    /// The second build waits for the first one's derivation, and says so; cancelled, it stops waiting.
    @Test(.timeLimit(.minutes(1)))
    func joinsAndCanBeCancelled() async throws {
        let fixture = try BuildFixture()
        let a = try derivation("a")
        let (started, signal) = AsyncStream<Void>.makeStream()
        let isReleased = Mutex(false)
        let executor = FakeExecutor { run in
            signal.yield()
            while !isReleased.withLock({ $0 }) { await Task.yield() }
        }
        async let first = fixture.build([a], with: executor)
        for await _ in started { break }
        let recorder = EventRecorder()
        let second = Task { try await fixture.build([a], with: executor, reporting: recorder) }
        while !recorder.text.contains("joined a") { await Task.yield() }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }

        let third = EventRecorder()
        async let last = fixture.build([a], with: executor, reporting: third)
        while !third.text.contains("joined a") { await Task.yield() }
        isReleased.withLock { $0 = true }
        #expect(try await first.outcome.isSuccess)
        #expect(try await last.outcome.isSuccess)
        #expect(executor.takeNames() == ["a"])
        #expect(
            third.text == """
                planned 1, pending 1
                started a by sandbox
                joined a
                reused a
                ended built 0 fetched 0 reused 1 failed 0 skipped 0

                """)
    }

    /// If the first one fails the other one tries for itself.
    @Test(.timeLimit(.minutes(1)))
    func joinsAFailure() async throws {
        let fixture = try BuildFixture()
        let a = try derivation("a")
        let (started, signal) = AsyncStream<Void>.makeStream()
        let recorder = EventRecorder()
        async let first = fixture.build(
            [a],
            with: FakeExecutor { run in
                signal.yield()
                while !recorder.text.contains("joined a") { await Task.yield() }
                throw FakeExecutor.failure(run)
            })
        for await _ in started { break }
        let second = try await fixture.build([a], with: FakeExecutor(), reporting: recorder)
        #expect(try await !first.outcome.isSuccess)
        #expect(second.outcome.isSuccess)
    }
}
