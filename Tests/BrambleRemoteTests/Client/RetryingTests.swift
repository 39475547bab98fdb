import Testing

@testable import BrambleRemote

/// When calls are tried, and tried again.
@Suite struct RetryingTests {
    private let unreachable = RemoteError(.unreachable, "away")

    @Test func pausesDoubleAndStop() {
        var policy = RetryPolicy()
        let pauses = (1...5).map { policy.pause(after: $0, of: 5, unreachable, chance: 1) }
        #expect(
            pauses == [
                .milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(800), nil,
            ])
    }

    @Test func onlyWhatMayPassIsTriedAgain() {
        for code in RemoteError.Code.allCases where code != .unreachable {
            var policy = RetryPolicy()
            #expect(policy.pause(after: 1, of: 5, RemoteError(code, ""), chance: 1) == nil)
        }
    }

    @Test func whatIsAskedForIsKeptTo() {
        var policy = RetryPolicy()
        let busy = RemoteError(.unreachable, "busy", retryAfter: .seconds(3))
        #expect(policy.pause(after: 1, of: 5, busy, chance: 0.5) == .milliseconds(3_050))
    }

    /// All calls together try again a few times, and then a tenth as often as they succeed.
    @Test func retriesHaveABudget() {
        var policy = RetryPolicy()
        func mayRetry() -> Bool {
            policy.pause(after: 1, of: 5, unreachable, chance: 1) != nil
        }
        #expect((0..<1000).count { _ in mayRetry() } == 200)
        for _ in 0..<11 { policy.succeeded() }
        #expect((0..<2).map { _ in mayRetry() } == [true, false])
    }

    @Test func whoDoesNotAnswerIsLeftAloneForAWhile() {
        var breaker = CircuitBreaker()
        func allows(_ second: Int) -> Bool { breaker.allows(at: .seconds(second)) }
        for second in 0..<5 {
            #expect(allows(second))
            breaker.failed(at: .seconds(second), began: .seconds(second))
        }
        #expect(!allows(8))
        // One may try.
        #expect((0..<2).map { _ in allows(9) } == [true, false])
        breaker.failed(at: .seconds(9), began: .seconds(9))
        #expect([18, 19].map { allows($0) } == [false, true])
        breaker.succeeded()
        #expect((0..<2).map { _ in allows(19) } == [true, true])
    }

    /// A connection that breaks takes all its calls with it: that is one failure.
    @Test func callsThatFailTogetherCountOnce() {
        var breaker = CircuitBreaker()
        for _ in 0..<100 { breaker.failed(at: .seconds(3), began: .seconds(1)) }
        let allows = breaker.allows(at: .seconds(3))
        #expect(allows)
    }

    @Test func whoIsNeededIsAskedOften() {
        var breaker = CircuitBreaker(isNeeded: true)
        for second in 0..<5 { breaker.failed(at: .seconds(second), began: .seconds(second)) }
        for second in [9, 14, 19] {
            let allows = [second - 1, second].map { breaker.allows(at: .seconds($0)) }
            #expect(allows == [false, true])
            breaker.failed(at: .seconds(second), began: .seconds(second))
        }
    }
}
