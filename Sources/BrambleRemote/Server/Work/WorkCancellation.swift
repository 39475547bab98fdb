internal import Synchronization

/// Ends a piece of work before its time, be it that it runs already or not yet.
final class WorkCancellation: Sendable {
    private let flag = Atomic(false)
    /// Nothing comes; it ends when the work is cancelled.
    private let signal: AsyncStream<Void>
    private let ending: AsyncStream<Void>.Continuation

    init() {
        (signal, ending) = AsyncStream.makeStream()
    }

    var isCancelled: Bool { flag.load(ordering: .relaxed) }

    func cancel() {
        flag.store(true, ordering: .relaxed)
        ending.finish()
    }

    /// Runs the work, in a task that is cancelled with it.
    func run<Result: Sendable>(
        _ body: @escaping @Sendable () async -> Result
    ) async -> Result? {
        await withTaskGroup(of: Result?.self) { group in
            group.addTask { await body() }
            group.addTask { [signal] in
                for await _ in signal {}
                return nil
            }
            var result = await group.next() ?? nil
            group.cancelAll()
            while let next = await group.next() { result = result ?? next }
            return result
        }
    }
}
