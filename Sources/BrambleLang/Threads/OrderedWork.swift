/// Pieces of work that threads take in order, each beginning when those it depends on are done.
///
/// A piece depends only on earlier ones. So the earliest piece that is not done can always go on,
/// and nothing can be stuck.
struct OrderedWork: Sendable {
    /// For each piece the earlier pieces it depends on.
    let dependencies: [[Int]]

    /// Does all pieces on so many threads.
    ///
    /// - Parameter body: Is called with the number of a piece and, as a thread has things of its
    ///   own, what `makeWorker` made for the thread.
    func run<Worker>(
        threads: Int, makeWorker: @escaping @Sendable () -> Worker,
        _ body: @escaping @Sendable (Int, Worker) -> Void
    ) {
        let dependencies = dependencies
        let progress = Monitor(
            Progress(next: 0, isDone: Array(repeating: false, count: dependencies.count)))
        WorkerThreads.run(count: min(threads, dependencies.count)) { _ in
            let worker = makeWorker()
            while let piece = progress.update({ $0.take() }) {
                if !dependencies[piece].isEmpty {
                    progress.wait { progress -> Void? in
                        dependencies[piece].allSatisfy { progress.isDone[$0] } ? () : nil
                    }
                }
                body(piece, worker)
                progress.update { $0.isDone[piece] = true }
            }
        }
    }

    private struct Progress {
        var next: Int
        var isDone: [Bool]

        mutating func take() -> Int? {
            guard next < isDone.count else { return nil }
            next += 1
            return next - 1
        }
    }
}
