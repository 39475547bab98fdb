internal import BrambleModel
internal import BrambleREAPI
internal import Synchronization

/// One build, from when it is asked for until it is forgotten; any number of clients follow it.
final class RunningBuild: ServerWork {
    private struct State {
        var backlog = EventBacklog()
        var result: BuildResultMessage?
        /// Told that there is something new, each with at most one such message waiting.
        var followers = Followers<Void>()
        /// When it began to be built.
        var start: ContinuousClock.Instant?
    }

    let name: String
    let demand: BuildDemand
    let cancellation = WorkCancellation()
    private let state = Mutex(State())

    init(name: String, demand: BuildDemand) {
        self.name = name
        self.demand = demand
    }

    // MARK: - For those who follow it

    /// What there is to be told to somebody who knows the events up to a number.
    enum News: Sendable {
        case events(EventBacklog.Part)
        case result(BuildResultMessage)
    }

    /// - Returns: nil if there is nothing new.
    func news(after number: UInt64) -> News? {
        state.withLock { state in
            if let part = state.backlog.part(after: number) { return .events(part) }
            return state.result.map { .result($0) }
        }
    }

    /// Yields whenever there may be something new; whoever holds it counts as following the build.
    func watch() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        continuation.yield()
        state.withLock { state in
            state.followers.add(continuation) { [weak self] in self?.leave($0) }
        }
        return stream
    }

    private func leave(_ number: Int) {
        state.withLock { state in
            state.followers.remove(number, isDone: state.result != nil)
        }
    }

    var isDone: Bool { state.withLock { $0.result != nil } }

    var solitude: Duration { state.withLock { $0.followers.solitude } }

    // MARK: - For who runs it

    func begin() { state.withLock { $0.start = .now } }

    /// Takes an event, from any thread.
    func take(_ event: BuildEvent) {
        let isLossy: Bool
        switch event {
        case .logged, .fetched: isLossy = true
        case .planned, .started, .joined, .reused, .finished, .failed, .skipped, .spliced, .warned,
            .ended:
            isLossy = false
        }
        state.withLock { state in
            // The time is read here, so that later events are not earlier.
            let time = state.start.map { (.now - $0) / .milliseconds(1) } ?? 0
            let line = TimedBuildEvent(at: Int(time), event: event)
            guard let json = try? CanonicalJSON.encode(line) else {
                preconditionFailure("an event that cannot be written")
            }
            state.backlog.append(String(decoding: json, as: UTF8.self), isLossy: isLossy)
            for follower in state.followers.all { follower.yield() }
        }
    }

    func finish(_ result: BuildResultMessage) {
        state.withLock { state in
            guard state.result == nil else { return }
            state.result = result
            state.followers.noteEnd()
            for follower in state.followers.all { follower.yield() }
        }
    }
}
