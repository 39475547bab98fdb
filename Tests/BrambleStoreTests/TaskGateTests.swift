import Synchronization
import Testing

@testable import BrambleStore

struct TaskGateTests {
    private final class Counts: Sendable {
        private let state = Mutex((now: 0, most: 0, all: 0))

        var values: (now: Int, most: Int, all: Int) { state.withLock { $0 } }

        func begin() {
            state.withLock { state in
                state.now += 1
                state.all += 1
                state.most = max(state.most, state.now)
            }
        }

        func end() { state.withLock { $0.now -= 1 } }
    }

    @Test func soManyPassAtOnce() async throws {
        let (gate, counts) = (TaskGate(count: 3), Counts())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    try await gate.pass { () throws(StoreError) in
                        counts.begin()
                        for _ in 0..<5 { await Task.yield() }
                        counts.end()
                    }
                }
            }
            try await group.waitForAll()
        }
        let (now, most, all) = counts.values
        #expect(now == 0 && most == 3 && all == 200)
    }

    @Test func whoFailsMakesRoom() async throws {
        let gate = TaskGate(count: 1)
        await #expect(throws: StoreError.self) {
            try await gate.pass { () throws(StoreError) in throw StoreError(.notFound, "nothing") }
        }
        try await gate.pass { () throws(StoreError) in }
    }
}
