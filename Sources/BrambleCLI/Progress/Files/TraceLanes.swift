import BrambleModel

/// Puts what runs at the same time into lanes, each into the lowest one that is free, and yields it
/// when it ends.
struct TraceLanes {
    private struct Span {
        var derivation: DerivationHash
        var name: DerivationName
        var means: String
        var start: Duration
        var hasWaited = false
    }

    /// By number; nil for lanes that are free. As long as the most that ever ran at once.
    private var lanes: [Span?] = []
    private var laneOf: [DerivationHash: Int] = [:]

    /// - Parameter now: Since the build began.
    /// - Returns: What the event ends.
    mutating func take(_ event: BuildEvent, at now: Duration) -> [TraceEvent] {
        switch event {
        case .started(let hash, let name, let means, _):
            // Whoever waited for another process may have to do it after all.
            let ended = end(hash, "failed", at: now)
            begin(Span(derivation: hash, name: name, means: means.rawValue, start: now))
            return ended
        case .joined(let hash, let name):
            if let lane = laneOf[hash] {
                lanes[lane]?.hasWaited = true
            } else {
                begin(
                    Span(
                        derivation: hash, name: name, means: "wait", start: now, hasWaited: true))
            }
            return []
        case .finished(let built, _): return end(built.derivation, "built", at: now)
        case .reused(let hash, _): return end(hash, "reused", at: now)
        case .failed(let hash, _, _): return end(hash, "failed", at: now)
        case .skipped(let hash, _, _): return end(hash, "skipped", at: now)
        case .spliced(let hash, _, _): return end(hash, "spliced", at: now)
        case .planned, .fetched, .logged, .warned, .ended: return []
        }
    }

    /// What has not ended, in the order of lanes.
    mutating func end(at now: Duration) -> [TraceEvent] {
        lanes.compactMap(\.self).flatMap { end($0.derivation, "interrupted", at: now) }
    }

    private mutating func begin(_ span: Span) {
        let lane = lanes.firstIndex { $0 == nil } ?? lanes.count
        if lane == lanes.count { lanes.append(span) } else { lanes[lane] = span }
        laneOf[span.derivation] = lane
    }

    private mutating func end(
        _ derivation: DerivationHash, _ result: String, at now: Duration
    ) -> [TraceEvent] {
        guard let lane = laneOf.removeValue(forKey: derivation), let span = lanes[lane] else {
            return []
        }
        lanes[lane] = nil
        let start = span.start.wholeMicroseconds
        let arguments = TraceEvent.Arguments(
            derivation: derivation, means: span.means, result: result,
            waited: span.hasWaited ? true : nil)
        return [
            TraceEvent(
                name: span.name.description, cat: span.means, ph: "X", ts: start,
                dur: max(now.wholeMicroseconds - start, 0), tid: lane + 1, args: arguments)
        ]
    }
}

extension Duration {
    /// Cut off; a build takes no 300,000 years, which `Int` could not hold.
    fileprivate var wholeMicroseconds: Int { Int(self / .microseconds(1)) }
}
