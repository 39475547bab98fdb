import NIOPosix
import Synchronization

/// Runs what blocks (files, decompression) on threads of its own, never on those of Swift's tasks.
///
/// - Parameter body: Is told how to learn that the task was cancelled meanwhile.
/// - Throws: What `body` throws; `CancellationError` if it was cancelled before it began.
func onBlockingThread<Result: Sendable>(
    _ body: @escaping @Sendable (_ isCancelled: @Sendable () -> Bool) throws -> Result
) async throws -> Result {
    let cancelled = CancellationFlag()
    return try await withTaskCancellationHandler {
        try await NIOThreadPool.singleton.runIfActive { try body { cancelled.isSet } }
    } onCancel: {
        cancelled.set()
    }
}

/// Runs what must be done also when the task is cancelled: putting things away.
func evenIfCancelled(_ body: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { done in
        NIOThreadPool.singleton.submit { _ in
            body()
            done.resume()
        }
    }
}

private final class CancellationFlag: Sendable {
    private let flag = Atomic(false)
    var isSet: Bool { flag.load(ordering: .relaxed) }
    func set() { flag.store(true, ordering: .relaxed) }
}
