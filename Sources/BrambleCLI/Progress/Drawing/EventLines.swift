import BrambleModel

/// What an event is worth in lines that stay: all that is shown where there is no live terminal, and
/// what goes by above the live lines where there is one.
struct EventLines {
    /// More names of what is skipped would push a failure off the screen.
    static let maximumSkipped = 10

    /// Whether beginnings are shown as well as ends: a live terminal shows what runs anyhow.
    var showsBeginnings: Bool
    /// Whether nothing but failures is shown.
    var isQuiet: Bool
    /// Whether to show logs, and what there was nothing to do for.
    var isVerbose: Bool
    var usesColor: Bool

    /// - Parameter progress: As it was before the event.
    /// - Returns: Whole lines, or nothing.
    func text(for event: BuildEvent, before progress: BuildProgress) -> String {
        if case .failed(let hash, let name, let failure) = event {
            return failed(hash, name, failure, progress)
        }
        if isQuiet { return "" }
        switch event {
        case .started(_, let name, let means, _):
            return showsBeginnings ? "\(EventLines.verb(means)) \(name)\n" : ""
        case .joined(_, let name):
            return showsBeginnings ? "waiting for another process that builds \(name)\n" : ""
        case .reused(let hash, let name):
            let hasBegun = progress.running[hash] != nil
            return isVerbose || hasBegun ? reused(name, progress.running[hash]) : ""
        case .logged(let hash, let text):
            return isVerbose ? log(text, of: hash, progress) : ""
        case .finished(let built, let milliseconds):
            guard let build = progress.running[built.derivation] else { return "" }
            return finished(build, .milliseconds(milliseconds))
        case .skipped(_, let name, let because):
            return skipped(name, because, progress)
        case .spliced(let hash, _, let derivations):
            guard let build = progress.running[hash] else { return "" }
            let number = "\(derivations) derivation\(derivations == 1 ? "" : "s")"
            return "\(built(build.means ?? .sandbox)) \(build.name), a graph of \(number)\n"
        case .warned(let message):
            let word = TextStyle.warning.paint("warning:", usesColor: usesColor)
            return "\(word) \(TerminalText.visible(message, keepsTabs: false))\n"
        case .planned, .fetched, .failed, .ended:
            return ""
        }
    }

    private func failed(
        _ hash: DerivationHash, _ name: DerivationName, _ failure: BuildFailure,
        _ progress: BuildProgress
    ) -> String {
        if failure.reason == .cancelled { return isQuiet ? "" : "stopped \(name)\n" }
        let running = progress.running[hash]
        return FailureReport(
            derivation: hash, failure: failure, means: running?.means,
            log: running?.log ?? LogTail()
        ).text(usesColor: usesColor)
    }

    private func finished(_ build: RunningDerivation, _ duration: Duration) -> String {
        guard let means = build.means else { return reused(build.name, build) }
        let size = build.fetchedBytes.map { "\(DataSize(bytes: $0)), " } ?? ""
        return "\(built(means)) \(build.name) (\(size)\(duration.exactText))\n"
    }

    private func log(
        _ text: String, of hash: DerivationHash, _ progress: BuildProgress
    ) -> String {
        let name = progress.running[hash]?.name.description ?? hash.description
        let prefix = TextStyle.dim.paint("\(name)>", usesColor: usesColor)
        return LogTail.lines(of: text).map { line in
            let shown = TerminalText.visible(line, keepsTabs: true)
            return shown.isEmpty ? "\(prefix)\n" : "\(prefix) \(shown)\n"
        }.joined()
    }

    private func reused(_ name: DerivationName, _ build: RunningDerivation?) -> String {
        "reused \(name)" + (build?.isWaiting == true ? ", which another process built\n" : "\n")
    }

    /// After Ctrl-C, and behind many others, it is of no interest what else is not built.
    private func skipped(
        _ name: DerivationName, _ because: DerivationHash, _ progress: BuildProgress
    ) -> String {
        let cause = progress.failures[because]
        let count = progress.counts.skipped
        if !isVerbose {
            if cause?.isStopped == true || count > EventLines.maximumSkipped { return "" }
            if count == EventLines.maximumSkipped {
                return "skipping others as well; `--verbose` names them\n"
            }
        }
        let reason = cause.map { $0.isStopped ? "was stopped" : "failed" } ?? "failed"
        return "skipped \(name), as \(cause?.name.description ?? because.description) \(reason)\n"
    }

    private static func verb(_ means: BuildEvent.Means) -> String {
        switch means {
        case .sandbox: "building"
        case .fetch: "fetching"
        case .substitute: "substituting"
        case .remote, .server: "building elsewhere"
        case .check: "checking"
        }
    }

    private func built(_ means: BuildEvent.Means) -> String {
        let participle =
            switch means {
            case .sandbox, .remote, .server: "built"
            case .fetch: "fetched"
            case .substitute: "substituted"
            case .check: "checked"
            }
        return TextStyle.good.paint(participle, usesColor: usesColor)
    }
}
