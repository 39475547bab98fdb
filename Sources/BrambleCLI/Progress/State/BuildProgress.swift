import BrambleModel

/// What is known of a build from its events: what runs, and how much came to which end.
///
/// A plain value that does nothing but count. Events may come from another machine, so none of
/// them is taken for impossible: what is finished without having begun was counted before (as
/// reused, or when its graph was spliced), and what is logged by nobody is passed over.
struct BuildProgress {
    struct Counts: Equatable {
        /// How many derivations the build has. What is needed only by what is there already comes
        /// to no end of its own.
        var derivations = 0
        /// How many had to be looked at when the build began, and those that graphs brought in.
        var pending = 0
        /// How many had come to an end when the build began, as they were reused.
        var early = 0
        var built = 0
        var fetched = 0
        var substituted = 0
        var reused = 0
        var failed = 0
        /// How many were stopped by somebody.
        var stopped = 0
        var skipped = 0
        /// How many of those that are done came out the same when they were built again.
        var checked = 0

        /// How many came to an end of any kind.
        var done: Int { built + fetched + substituted + reused + failed + stopped + skipped }

        /// How many will come to an end, as far as is known; `done` at least.
        var total: Int { max(done, early.addingSaturated(pending)) }
    }

    private(set) var counts = Counts()
    private(set) var running: [DerivationHash: RunningDerivation] = [:]
    /// Of all fetches, those that failed included.
    private(set) var fetchedBytes = 0
    /// What the build itself says of its end; nil until then.
    private(set) var summary: BuildSummary?
    /// What failed or was stopped, for those that are skipped because of it.
    private(set) var failures: [DerivationHash: Failure] = [:]

    struct Failure: Equatable {
        var name: DerivationName
        /// Whether somebody stopped it.
        var isStopped: Bool
    }

    /// - Parameter now: Since the build began.
    mutating func take(_ event: BuildEvent, at now: Duration) {
        switch event {
        case .planned(let derivations, let pending):
            counts.derivations = max(derivations, 0)
            counts.pending = max(pending, 0)
            counts.early = counts.done
        case .started(let hash, let name, let means, let milliseconds):
            running[hash] = RunningDerivation(
                derivation: hash, name: name, means: means, start: now,
                expected: milliseconds.map { .milliseconds($0) })
        case .joined(let hash, let name):
            var build =
                running[hash]
                ?? RunningDerivation(
                    derivation: hash, name: name, means: nil, start: now, expected: nil)
            build.isWaiting = true
            running[hash] = build
        case .reused(let hash, _):
            running[hash] = nil
            counts.reused += 1
        case .fetched(let hash, let bytes, let total):
            let added = running[hash]?.noteFetched(max(bytes, 0), of: total)
            fetchedBytes = fetchedBytes.addingSaturated(added ?? 0)
        case .logged(let hash, let text):
            running[hash]?.noteLogged(text)
        case .finished(let built, _):
            running.removeValue(forKey: built.derivation).map { addFinished($0.means) }
        case .failed(let hash, let name, let failure):
            running[hash] = nil
            let isStopped = failure.reason == .cancelled
            failures[hash] = Failure(name: name, isStopped: isStopped)
            if isStopped { counts.stopped += 1 } else { counts.failed += 1 }
        case .skipped(let hash, _, _):
            running[hash] = nil
            counts.skipped += 1
        case .spliced(let hash, _, let derivations):
            running.removeValue(forKey: hash).map { addFinished($0.means) }
            counts.derivations = counts.derivations.addingSaturated(max(derivations, 0))
            counts.pending = counts.pending.addingSaturated(max(derivations, 0))
        case .warned: break
        case .ended(let summary):
            running = [:]
            self.summary = summary
        }
    }

    private mutating func addFinished(_ means: BuildEvent.Means?) {
        switch means {
        case .sandbox, .remote, .server: counts.built += 1
        case .fetch: counts.fetched += 1
        case .substitute: counts.substituted += 1
        case .check: counts.checked += 1
        // Nobody here has begun it.
        case nil: counts.reused += 1
        }
    }

    /// How much longer the build will take; nil unless all that is not done runs, and it is known
    /// how long each of them takes. Nothing is guessed.
    func left(at now: Duration) -> Duration? {
        let all = counts.done + running.count
        guard !running.isEmpty, all >= counts.total else { return nil }
        var longest = Duration.zero
        for build in running.values {
            guard let left = build.left(at: now) else { return nil }
            longest = max(longest, left)
        }
        return longest
    }
}
