import BrambleModel
import Synchronization

/// Where a build's events are noted, by any thread, and read from, by the one that draws.
final class ProgressBoard: Sendable {
    /// What may wait for a terminal that takes nothing, as after Ctrl-S. Beyond it, logs are left
    /// out: no build stands still for somebody who reads.
    static let maximumWaitingBytes = 1 << 20

    private struct State {
        var progress = BuildProgress()
        /// Lines that stay and were not taken yet.
        var waiting = ""
        var omittedLogLines = 0
    }

    private let lines: EventLines
    /// Since the build began.
    private let now: @Sendable () -> Duration
    private let state = Mutex(State())

    init(lines: EventLines, now: @escaping @Sendable () -> Duration) {
        self.lines = lines
        self.now = now
    }

    /// Notes an event.
    ///
    /// - Parameter write: Takes the lines that the event is worth, in the order of events; nil to
    ///   let them wait.
    func take(_ event: BuildEvent, write: ((String) -> Void)? = nil) {
        state.withLock { state in
            // The time is read here, so that later events are not earlier.
            let text = lines.text(for: event, before: state.progress)
            state.progress.take(event, at: now())
            if text.isEmpty { return }
            if let write {
                write(text)
            } else {
                ProgressBoard.add(text, of: event, to: &state)
            }
        }
    }

    private static func add(_ text: String, of event: BuildEvent, to state: inout State) {
        let isFull = state.waiting.utf8.count + text.utf8.count > maximumWaitingBytes
        if case .logged(_, let log) = event, isFull {
            state.omittedLogLines += LogTail.lines(of: log).count
        } else {
            state.waiting += text
        }
    }

    /// The lines that wait, once, and how the build is.
    func read() -> (text: String, progress: BuildProgress, now: Duration) {
        state.withLock { state in
            var text = state.waiting
            state.waiting = ""
            if state.omittedLogLines > 0 {
                text += "… \(state.omittedLogLines) lines of logs left out\n"
                state.omittedLogLines = 0
            }
            return (text, state.progress, now())
        }
    }
}
