import BrambleModel

/// A derivation that is being worked on. Times count from the beginning of the build.
struct RunningDerivation: Equatable {
    let derivation: DerivationHash
    let name: DerivationName
    /// Who does the work; nil if nobody here has begun it.
    let means: BuildEvent.Means?
    let start: Duration
    /// How long it took the last time, if that is known.
    let expected: Duration?
    /// Whether another process does the work, as far as is known.
    var isWaiting = false
    /// How much of a fetch has come; nil if there is none.
    private(set) var fetchedBytes: Int?
    /// How much there is to fetch, where that is known.
    private(set) var totalBytes: Int?
    private(set) var log = LogTail()

    /// Notes how much of a fetch has come.
    ///
    /// - Parameter bytes: In all; fewer than before if the fetch began anew.
    /// - Returns: How much of it is new.
    mutating func noteFetched(_ bytes: Int, of total: Int?) -> Int {
        let before = fetchedBytes ?? 0
        fetchedBytes = bytes
        totalBytes = total
        isWaiting = false
        return bytes >= before ? bytes - before : bytes
    }

    /// Notes whole lines that the builder wrote.
    mutating func noteLogged(_ text: String) {
        log.append(text)
        isWaiting = false
    }

    func elapsed(at now: Duration) -> Duration { max(now - start, .zero) }

    /// How much longer it will take if it takes as long as the last time; zero if it is overdue.
    func left(at now: Duration) -> Duration? {
        expected.map { max($0 - elapsed(at: now), .zero) }
    }

    /// Longest running first, then by name; the hash is there for a total order.
    static func precedes(_ left: RunningDerivation, _ right: RunningDerivation) -> Bool {
        if left.start != right.start { return left.start < right.start }
        if left.name != right.name { return left.name < right.name }
        return left.derivation < right.derivation
    }
}
