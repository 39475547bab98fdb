internal import Synchronization

/// All work of a kind: what waits, what runs, and what ended a while ago.
final class WorkQueue<Work: ServerWork>: Sendable {
    private struct State {
        var work: [String: Work] = [:]
        var nextNumber = 0
    }

    private let kind: String
    private let jobs: Int
    private let maximumCount: Int
    private let patience: Duration
    private let state = Mutex(State())
    private let arrivals: AsyncStream<Work>
    private let arrival: AsyncStream<Work>.Continuation
    /// Tells the names of this run's work from those of another.
    private let prefix = String(UInt64.random(in: 0 ... .max), radix: 36)

    /// How long a result can be asked for by the name of its work.
    private let memory = Duration.seconds(600)

    /// - Parameters:
    ///   - kind: What names begin with.
    ///   - jobs: How many run at once.
    ///   - maximumCount: How many may wait, run or be remembered.
    ///   - patience: How long clients may be away before what they wanted is ended.
    init(kind: String, jobs: Int, maximumCount: Int, patience: Duration = .seconds(10)) {
        self.kind = kind
        self.jobs = jobs
        self.maximumCount = maximumCount
        self.patience = patience
        (arrivals, arrival) = AsyncStream.makeStream()
    }

    // MARK: - For handlers

    /// Takes in what is made for a name, to be run when its turn comes.
    ///
    /// - Returns: nil if there is too much already.
    func add(_ make: (_ name: String) -> Work) -> Work? {
        let work = state.withLock { state -> Work? in
            guard state.work.count < maximumCount else { return nil }
            state.nextNumber += 1
            let work = make("\(kind)/\(prefix)-\(state.nextNumber)")
            state.work[work.name] = work
            return work
        }
        if let work { arrival.yield(work) }
        return work
    }

    /// Forgets all that has ended.
    func forgetEnded() {
        state.withLock { state in state.work = state.work.filter { !$0.value.isDone } }
    }

    func find(_ name: String) -> Work? { state.withLock { $0.work[name] } }

    var all: [Work] { state.withLock { Array($0.work.values) } }

    // MARK: - For the server

    /// Runs what comes, until the task is cancelled.
    func run(_ body: @escaping @Sendable (Work) async -> Void) async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.tidy() }
            group.addTask { await self.runArrivals(body) }
        }
    }

    private func runArrivals(_ body: @escaping @Sendable (Work) async -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            for await work in arrivals {
                if running == jobs {
                    await group.next()
                    running -= 1
                }
                running += 1
                group.addTask { await body(work) }
            }
        }
    }

    /// Ends what nobody waits for any more, and forgets what ended long ago.
    private func tidy() async {
        while !Task.isCancelled {
            for work in all {
                let solitude = work.solitude
                if work.isDone, solitude > memory {
                    state.withLock { $0.work[work.name] = nil }
                } else if !work.isDone, solitude > patience {
                    work.cancel()
                }
            }
            // Cancelled: the loop ends.
            try? await Task.sleep(for: .seconds(1))
        }
    }
}
