import Glibc
import Synchronization

/// Real threads, more than there are processors.
enum Threads {
    private final class Task: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs `body` on `count` threads with their numbers, waits for all, and throws the first
    /// error.
    static func run(
        _ count: Int, _ body: @escaping @Sendable (Int) throws -> Void
    ) throws {
        let failures = Failures()
        let threads = (0..<count).map { number in
            start {
                do {
                    try body(number)
                } catch {
                    failures.first.withLock { $0 = $0 ?? error }
                }
            }
        }
        for thread in threads { pthread_join(thread, nil) }
        if let error = failures.first.withLock({ $0 }) { throw error }
    }

    private final class Failures: Sendable {
        let first = Mutex<(any Error)?>(nil)
    }

    private static func start(_ body: @escaping @Sendable () -> Void) -> pthread_t {
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Task>.fromOpaque(context).takeRetainedValue().body() }
                return nil
            }, Unmanaged.passRetained(Task(body)).toOpaque())
        precondition(code == 0, "the system has a thread to spare")
        return thread
    }
}
