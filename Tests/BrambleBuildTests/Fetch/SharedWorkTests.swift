import Synchronization
import Testing

@testable import BrambleBuild

/// Work that is done once for all who ask at the same time.
@Suite struct SharedWorkTests {
    private struct Failure: Error {}

    /// Lets work go on when a test says so, and tells when it has begun.
    private final class Gate: Sendable {
        private let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        private let (opened, opening) = AsyncStream.makeStream(of: Void.self)
        let count = Mutex(0)

        func pass() async throws {
            count.withLock { $0 += 1 }
            beginning.yield()
            for await _ in opened { break }
            try Task.checkCancellation()
        }

        func waitForWork() async { for await _ in begun { break } }
        func open() { opening.finish() }
    }

    @Test func allGetTheOneResult() async throws {
        let work = SharedWork<Int, Int>()
        let gate = Gate()
        try await withThrowingTaskGroup { group in
            for _ in 0..<50 {
                group.addTask {
                    try await work.value(for: 1) {
                        try await gate.pass()
                        return gate.count.withLock { $0 }
                    }
                }
            }
            await gate.waitForWork()
            gate.open()
            for try await value in group { #expect(value >= 1) }
        }
        #expect(gate.count.withLock { $0 } <= 50)
        #expect(try await work.value(for: 1) { 2 } == 2)
    }

    @Test func keysAreIndependent() async throws {
        let work = SharedWork<Int, Int>()
        let value = try await work.value(for: 1) { try await work.value(for: 2) { 7 } }
        #expect(value == 7)
    }

    @Test func failuresAreSharedAndNotKept() async throws {
        let work = SharedWork<Int, Int>()
        await #expect(throws: Failure.self) { try await work.value(for: 1) { throw Failure() } }
        #expect(try await work.value(for: 1) { 3 } == 3)
    }

    @Test func anotherTakesOverFromWhoIsCancelled() async throws {
        let work = SharedWork<Int, Int>()
        let gate = Gate()
        let first = Task {
            try await work.value(for: 1) {
                try await gate.pass()
                return 1
            }
        }
        await gate.waitForWork()
        let second = Task { try await work.value(for: 1) { 2 } }
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        #expect(try await second.value == 2)
    }

    @Test func whoWaitsCanBeCancelled() async throws {
        let work = SharedWork<Int, Int>()
        let gate = Gate()
        let first = Task {
            try await work.value(for: 1) {
                try await gate.pass()
                return 1
            }
        }
        await gate.waitForWork()
        let second = Task { try await work.value(for: 1) { 2 } }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        gate.open()
        #expect(try await first.value == 1)
    }
}
