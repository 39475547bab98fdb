internal import BrambleModel
internal import BrambleREAPI
internal import Synchronization

/// One build, from when it is asked for until it is forgotten; any number of clients follow it.
final class RunningBuild: Sendable {
    private struct State {
        var backlog = EventBacklog()
        var result: BuildResultMessage?
        /// Told that there is something new, each with at most one such message waiting.
        var watchers: [Int: AsyncStream<Void>.Continuation] = [:]
        var nextWatcher = 0
        /// When the last one left, or when it was done.
        var aloneSince = ContinuousClock.now
        /// When it began to be built.
        var start: ContinuousClock.Instant?
        var isCancelled = false
        var cancel: (@Sendable () -> Void)?
    }

    let name: String
    let demand: BuildDemand
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
            let number = state.nextWatcher
            state.nextWatcher += 1
            state.watchers[number] = continuation
            continuation.onTermination = { [weak self] _ in self?.leave(number) }
        }
        return stream
    }

    private func leave(_ number: Int) {
        state.withLock { state in
            state.watchers[number] = nil
            if state.result == nil { state.aloneSince = .now }
        }
    }

    var isDone: Bool { state.withLock { $0.result != nil } }

    /// How long nobody has followed it; zero while somebody does.
    var solitude: Duration {
        state.withLock { $0.watchers.isEmpty ? .now - $0.aloneSince : .zero }
    }

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
            for watcher in state.watchers.values { watcher.yield() }
        }
    }

    func finish(_ result: BuildResultMessage) {
        state.withLock { state in
            guard state.result == nil else { return }
            state.result = result
            state.aloneSince = .now
            state.cancel = nil
            for watcher in state.watchers.values { watcher.yield() }
        }
    }

    /// Says how it is ended before its time.
    func onCancel(_ action: @escaping @Sendable () -> Void) {
        let isCancelled = state.withLock { state in
            state.cancel = action
            return state.isCancelled
        }
        if isCancelled { action() }
    }

    func cancel() {
        let action = state.withLock { state in
            state.isCancelled = true
            defer { state.cancel = nil }
            return state.cancel
        }
        action?()
    }
}
