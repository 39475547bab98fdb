import BrambleModel

/// A line of a trace ("Trace Event Format", by the authors of Chrome's tracing).
struct TraceEvent: Codable, Equatable {
    struct Arguments: Codable, Equatable {
        /// Of the process, in a line that names it.
        var name: String?
        var derivation: DerivationHash?
        /// Who did it: `sandbox`, `fetch`, `substitute`, `remote`; `wait` for another process.
        var means: String?
        /// What came of it: `built`, `spliced`, `reused`, `failed`, `skipped`; `interrupted` if it
        /// has not ended.
        var result: String?
        /// `true` if another process was waited for.
        var waited: Bool?
    }

    var name: String
    /// The category: who did it.
    var cat: String?
    /// `X` for something that began and ended, `M` for what is no event.
    var ph: String
    /// Microseconds since the build began.
    var ts: Int?
    var dur: Int?
    /// One process is all there is.
    var pid = 1
    /// The lane.
    var tid: Int?
    var args: Arguments

    static func processName(_ name: String) -> TraceEvent {
        TraceEvent(name: "process_name", ph: "M", args: Arguments(name: name))
    }
}
