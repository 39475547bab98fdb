import Synchronization

/// How far a stream has come, and the deadline that follows from it: on a lack of progress, not on the
/// whole. A large content over a slow line takes as long as it takes; who sends a byte now and then is as
/// good as gone.
final class ProgressWatch: Sendable {
    private let state = Mutex(State())
    private let interval: Duration

    private struct State {
        var count = 0
        /// How much longer the answer may take, when all was sent.
        var extra: Duration?
    }

    /// What an interval has to bring, unless the stream ends: 64 KiB, a kilobyte a second by default.
    private static let leastBytes = 64 << 10
    /// How much the other side stores in a second at least, when it has all of a content.
    private static let bytesPerSecond = 1 << 20

    init(interval: Duration) {
        self.interval = interval
    }

    /// Something has come, or gone.
    func note(_ bytes: Int) { state.withLock { $0.count += bytes } }

    /// All was sent: what is left is the other side's work on it.
    func noteLast(of bytes: Int) {
        state.withLock { $0.extra = .seconds(bytes / ProgressWatch.bytesPerSecond) }
    }

    /// Does something that notes its progress.
    ///
    /// - Throws: `RemoteError`, `unreachable`, if too little comes; what `body` throws.
    func run<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask { [self] in
                try await wait()
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }

    /// Waits until an interval has brought too little.
    private func wait() async throws {
        while true {
            let before = state.withLock { $0 }
            try await Task.sleep(for: interval + (before.extra ?? .zero))
            let now = state.withLock { $0 }
            guard now.count - before.count < ProgressWatch.leastBytes else { continue }
            // Just then the last was sent.
            if before.extra == nil, now.extra != nil { continue }
            throw RemoteError(
                .unreachable,
                "the stream has moved \(now.count - before.count) bytes in "
                    + "\((interval + (before.extra ?? .zero)).components.seconds) s")
        }
    }
}
