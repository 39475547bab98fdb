import BrambleModel

extension BuildSummary {
    /// `built 3, fetched 2, reused 43 in 12.3s`; what there was none of is left out.
    var text: String {
        (counted ?? "nothing to build") + " in \(Duration.milliseconds(milliseconds).exactText)"
    }

    /// For a build that was stopped: `stopped after 12.3s: built 3, reused 43`.
    var stoppedText: String {
        let time = Duration.milliseconds(milliseconds).exactText
        return "stopped after \(time)" + (counted.map { ": \($0)" } ?? "")
    }

    /// nil if there was nothing.
    private var counted: String? {
        let parts = [
            ("built", built), ("fetched", fetched), ("substituted", substituted),
            ("reused", reused), ("checked", checked), ("failed", failed), ("skipped", skipped),
        ]
        let texts = parts.filter { $0.1 > 0 }.map { "\($0.0) \($0.1)" }
        return texts.isEmpty ? nil : texts.joined(separator: ", ")
    }

    /// What was counted of a build that did not say itself how it ended. That something was stopped,
    /// and what was skipped for it, goes without saying then.
    init(_ counts: BuildProgress.Counts, at now: Duration) {
        self.init()
        built = counts.built
        fetched = counts.fetched
        substituted = counts.substituted
        reused = counts.reused
        checked = counts.checked
        failed = counts.failed
        milliseconds = now.wholeMilliseconds
    }
}
