import BrambleModel

extension BuildSummary {
    /// `built 3, fetched 2, reused 43 in 12.3s`; what there was none of is left out.
    var text: String {
        let parts = [
            ("built", built), ("fetched", fetched), ("substituted", substituted),
            ("reused", reused), ("failed", failed), ("skipped", skipped),
        ]
        let time = Duration.milliseconds(milliseconds).exactText
        let texts = parts.filter { $0.1 > 0 }.map { "\($0.0) \($0.1)" }
        return (texts.isEmpty ? "nothing to build" : texts.joined(separator: ", ")) + " in \(time)"
    }

    /// What was counted of a build that did not say itself how it ended.
    init(_ counts: BuildProgress.Counts, at now: Duration) {
        self.init()
        built = counts.built
        fetched = counts.fetched
        substituted = counts.substituted
        reused = counts.reused
        failed = counts.failed
        skipped = counts.skipped
        milliseconds = now.wholeMilliseconds
    }
}
