import Bramble
import BrambleModel
import Synchronization

/// `--trace FILE`: what ran when, for a viewer of Chrome's trace format (docs/build-events.md).
final class TraceFile: Sendable {
    private struct State {
        var file: JSONFile
        var lanes = TraceLanes()
    }

    private let state: Mutex<State>
    private let now: @Sendable () -> Duration

    /// - Parameter now: Since the build began.
    init(_ path: String, now: @escaping @Sendable () -> Duration) throws(BrambleError) {
        var file = try JSONFile(path)
        file.write(TraceEvent.processName("bramble build"), after: "[\n")
        state = Mutex(State(file: file))
        self.now = now
    }

    func take(_ event: BuildEvent) {
        state.withLock { state in
            let spans = state.lanes.take(event, at: now())
            TraceFile.write(spans, to: &state.file)
        }
    }

    /// Writes what has not ended, and the end of the file.
    ///
    /// - Throws: `files` if the file does not have all that ran.
    func finish() throws(BrambleError) {
        let failure = state.withLock { state in
            TraceFile.write(state.lanes.end(at: now()), to: &state.file)
            state.file.write("\n]\n")
            return state.file.failure
        }
        if let failure { throw failure }
    }

    private static func write(_ spans: [TraceEvent], to file: inout JSONFile) {
        // The comma comes first: so the array can be read, but for its end, whenever the writer dies.
        for span in spans { file.write(span, after: ",\n") }
    }
}
