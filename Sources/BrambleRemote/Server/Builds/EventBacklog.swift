/// The events of a build, from the first on, for those who come late or take a stream up again. What
/// must not be lost is kept; of logs and the progress of fetches, the latest.
struct EventBacklog: Sendable {
    private struct Entry {
        let number: UInt64
        let text: String
        let isLossy: Bool
    }

    /// Events that follow each other without a gap.
    struct Part: Equatable, Sendable {
        let firstNumber: UInt64
        let events: [String]

        var lastNumber: UInt64 { firstNumber + UInt64(events.count) - 1 }
    }

    /// By number.
    private var entries: [Entry] = []
    private var lossyBytes = 0
    private(set) var lastNumber: UInt64 = 0
    private let limitBytes: Int

    /// 32 MiB: more than logs of most builds have, and little beside what a builder takes.
    static let usualLimitBytes = 32 << 20
    /// What is sent at once: well below what a message may have.
    private static let partBytes = 256 << 10

    init(limitBytes: Int = EventBacklog.usualLimitBytes) {
        self.limitBytes = limitBytes
    }

    /// - Parameter isLossy: Whether it may be dropped when there are too many.
    mutating func append(_ text: String, isLossy: Bool) {
        lastNumber += 1
        entries.append(Entry(number: lastNumber, text: text, isLossy: isLossy))
        guard isLossy else { return }
        lossyBytes += text.utf8.count
        if lossyBytes > limitBytes { drop() }
    }

    /// The next events behind a number; nil if there are none.
    func part(after number: UInt64) -> Part? {
        var index = firstIndex(after: number)
        guard index < entries.count else { return nil }
        let first = entries[index].number
        var events: [String] = []
        var bytes = 0
        while index < entries.count, bytes < EventBacklog.partBytes,
            entries[index].number == first + UInt64(events.count)
        {
            events.append(entries[index].text)
            bytes += entries[index].text.utf8.count
            index += 1
        }
        return Part(firstNumber: first, events: events)
    }

    private func firstIndex(after number: UInt64) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].number <= number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Drops the older half of what may be dropped: so that it costs little for each event.
    private mutating func drop() {
        var excess = lossyBytes - limitBytes / 2
        entries.removeAll { entry in
            guard entry.isLossy, excess > 0 else { return false }
            excess -= entry.text.utf8.count
            lossyBytes -= entry.text.utf8.count
            return true
        }
    }
}
