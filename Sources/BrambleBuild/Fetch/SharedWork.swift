import Synchronization

/// Work that several tasks may ask for at once, and that is done once for all of them.
///
/// One of those who ask does it, as part of its own task; the others wait. If that one is cancelled,
/// another takes over, so that nobody pays for a stranger's cancellation.
package final class SharedWork<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private enum News: Sendable {
        case done(Result<Value, any Error>)
        /// Whoever did it was cancelled: try to become the one who does.
        case abandoned
    }

    private typealias Waiter = CheckedContinuation<News, Never>

    private struct State {
        /// Those who wait, by the numbers they got; an empty entry means that work is under way.
        var waiting: [Key: [Int: Waiter]] = [:]
        var nextNumber = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// What `work` yields, or what it yields to another task that asked for the same.
    package func value(for key: Key, _ work: () async throws -> Value) async throws -> Value {
        while true {
            let isOurs = state.withLock { state in
                if state.waiting[key] != nil { return false }
                state.waiting[key] = [:]
                return true
            }
            if isOurs { return try await perform(key, work) }
            if case .done(let result) = await news(of: key) { return try result.get() }
            try Task.checkCancellation()
        }
    }

    private func perform(_ key: Key, _ work: () async throws -> Value) async throws -> Value {
        do {
            let value = try await work()
            tell(key, .done(.success(value)))
            return value
        } catch {
            // Some libraries report a cancellation by errors of their own.
            let isCancelled = error is CancellationError || Task.isCancelled
            tell(key, isCancelled ? .abandoned : .done(.failure(error)))
            throw isCancelled ? CancellationError() : error
        }
    }

    private func tell(_ key: Key, _ news: News) {
        let waiters = state.withLock { $0.waiting.removeValue(forKey: key) }
        for waiter in (waiters ?? [:]).values { waiter.resume(returning: news) }
    }

    /// Waits for the end of the work; for a task that is cancelled meanwhile, it is abandoned.
    private func news(of key: Key) async -> News {
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let isWaiting = state.withLock { state in
                    // It may be over since we looked, or we are cancelled, and nobody would wake us.
                    guard state.waiting[key] != nil, !Task.isCancelled else { return false }
                    state.waiting[key]?[number] = waiter
                    return true
                }
                if !isWaiting { waiter.resume(returning: .abandoned) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiting[key]?.removeValue(forKey: number) }
            waiter?.resume(returning: .abandoned)
        }
    }
}
