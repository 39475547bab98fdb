/// Decides whether to try a call at all: an engine that does not answer is left alone for a while, so
/// that a build does not wait for it once for each derivation.
///
/// A value that is told of outcomes and of the time; closed it lets all through, open nothing, and
/// half-open one call, whose outcome decides.
struct CircuitBreaker {
    private enum State: Equatable {
        case closed(failures: Int)
        case open(until: Duration)
        case halfOpen
    }

    private var state = State.closed(failures: 0)
    private var pause = CircuitBreaker.firstPause
    private var lastFailure: Duration?
    private let maximumPause: Duration

    /// Attempts in a row that have failed: as many as one call has.
    private static let threshold = 5
    private static let firstPause = Duration.seconds(5)

    /// - Parameter isNeeded: Whether somebody waits until it answers again, so that it is asked often.
    init(isNeeded: Bool = false) {
        maximumPause = isNeeded ? CircuitBreaker.firstPause : .seconds(60)
    }

    /// - Parameter now: Any clock that does not go back.
    mutating func allows(at now: Duration) -> Bool {
        switch state {
        case .closed: return true
        case .halfOpen: return false
        case .open(let until):
            guard now >= until else { return false }
            state = .halfOpen
            return true
        }
    }

    mutating func succeeded() {
        state = .closed(failures: 0)
        pause = CircuitBreaker.firstPause
    }

    /// A call was given up for reasons of our own, so it has decided nothing.
    mutating func abandoned() {
        if state == .halfOpen { state = .open(until: .zero) }
    }

    /// - Parameter began: When the attempt did. Those that were under way when one failed are no further
    ///   failures: a connection that breaks takes all its calls with it.
    mutating func failed(at now: Duration, began: Duration) {
        if let lastFailure, began < lastFailure { return }
        lastFailure = now
        switch state {
        case .closed(let failures) where failures + 1 < CircuitBreaker.threshold:
            state = .closed(failures: failures + 1)
        case .open: break
        case .closed, .halfOpen:
            state = .open(until: now + pause)
            pause = min(pause * 2, maximumPause)
        }
    }
}
