import Bramble
import BrambleModel

/// The files that the events of a build go to.
struct ProgressFiles: Sendable {
    private let events: EventFile?
    private let trace: TraceFile?

    /// The build begins now.
    ///
    /// - Throws: `files` if one cannot be written.
    init(_ options: ProgressOptions) throws(BrambleError) {
        let now = BuildReporter.stopwatch()
        var events: EventFile?
        var trace: TraceFile?
        if let path = options.events { events = try EventFile(path, now: now) }
        if let path = options.trace { trace = try TraceFile(path, now: now) }
        (self.events, self.trace) = (events, trace)
    }

    /// Notes an event; from any thread.
    func take(_ event: BuildEvent) {
        events?.take(event)
        trace?.take(event)
    }

    /// Ends the files. To be called once, when there are no more events.
    ///
    /// - Throws: `files` if one of them is not complete.
    func finish() throws(BrambleError) {
        try trace?.finish()
        try events?.finish()
    }
}
