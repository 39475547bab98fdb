internal import NIOPosix

/// Threads that read and write files, so that those of Swift's tasks never wait for a disk.
package struct DiskThreads: Sendable {
    private let pool: NIOThreadPool

    /// Disks serve some at once; more only take memory.
    package static let usualCount = 8

    /// - Returns: Threads that run until `shutDown`.
    package init(count: Int = DiskThreads.usualCount) {
        pool = NIOThreadPool(numberOfThreads: count)
        pool.start()
    }

    /// Runs what blocks.
    ///
    /// - Throws: What `body` throws; `CancellationError` if the task is cancelled before it began.
    package func run<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await pool.runIfActive(body)
    }

    /// Runs what blocks some time later.
    package func later(_ body: @escaping @Sendable () -> Void) {
        pool.submit { _ in body() }
    }

    package func shutDown() async {
        // It fails only if it was shut down before.
        try? await pool.shutdownGracefully()
    }
}
