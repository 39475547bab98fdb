#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Threads of our own for work that neither waits for tasks nor should keep the threads of the
/// concurrency runtime from theirs.
enum WorkerThreads {
    /// What a thread has on most systems; the parser and the evaluator need half a megabyte.
    private static let stackBytes = 8 << 20

    /// Runs `body` with the numbers from 0 on, each on a thread of its own, and returns when all
    /// have returned. Number 0 is run by the calling thread.
    static func run(count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let threads = (1..<max(count, 1)).compactMap { number in start { body(number) } }
        body(0)
        for thread in threads { pthread_join(thread, nil) }
    }

    /// - Returns: nil if the system has no room for a thread; then the others do its work.
    private static func start(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
        var attributes = pthread_attr_t()
        guard pthread_attr_init(&attributes) == 0 else { return nil }
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackBytes)
        let box = Unmanaged.passRetained(ThreadBody(body))
        var thread = pthread_t()
        let result = pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument else { return nil }
                Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, box.toOpaque())
        guard result == 0 else {
            box.release()
            return nil
        }
        return thread
    }
}

private final class ThreadBody: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }
}
