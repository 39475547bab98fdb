internal import Glibc
internal import Synchronization

/// Threads for work that waits for disks or keeps a core busy: the cooperative pool must do
/// neither.
struct Workers: Sendable {
    /// How many threads work at once.
    let count: Int

    /// As many as there are processors online, within reason.
    static let standard = Workers(count: min(64, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))))

    /// Works on the numbers below `limit`, in no order, and waits for all of it.
    ///
    /// - Parameters:
    ///   - makeState: What each thread keeps from one number to the next, such as a buffer.
    /// - Throws: Of the failures that happened, the one of the lowest number. After a failure
    ///   nothing new is begun.
    func forEach<State>(
        _ limit: Int, makeState: @Sendable () -> State,
        _ body: @Sendable (Int, inout State) throws(StoreError) -> Void
    ) throws(StoreError) {
        let next = Atomic<Int>(0)
        let failure = Mutex<(number: Int, error: StoreError)?>(nil)
        let work: @Sendable () -> Void = {
            var state = makeState()
            while true {
                let number = next.add(1, ordering: .relaxed).oldValue
                guard number < limit else { return }
                do throws(StoreError) {
                    try body(number, &state)
                } catch {
                    next.store(limit, ordering: .relaxed)
                    failure.withLock { first in
                        if number < first?.number ?? .max { first = (number, error) }
                    }
                }
            }
        }
        let helpers = max(0, min(count, limit) - 1)
        withoutActuallyEscaping(work) { work in
            let threads = (0..<helpers).compactMap { _ in WorkerThread(work) }
            work()
            for thread in threads { thread.join() }
        }
        if let failure = failure.withLock({ $0 }) { throw failure.error }
    }

    /// The results of all numbers below `limit`, in their order.
    func map<State, Result: Sendable>(
        _ limit: Int, makeState: @Sendable () -> State,
        _ body: @Sendable (Int, inout State) throws(StoreError) -> Result
    ) throws(StoreError) -> [Result] {
        let results = Mutex([Result?](repeating: nil, count: limit))
        try forEach(limit, makeState: makeState) { (number, state) throws(StoreError) in
            let result = try body(number, &state)
            results.withLock { $0[number] = result }
        }
        return results.withLock { $0.compactMap(\.self) }
    }
}

/// One thread of the operating system.
struct WorkerThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    private let thread: pthread_t

    /// - Returns: nil if the system refuses another thread; the caller then does all the work.
    init?(_ run: @escaping @Sendable () -> Void) {
        // The thread takes the reference over, so that it lives exactly as long as it runs.
        let body = Unmanaged.passRetained(Body(run))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, body.toOpaque())
        guard status == 0 else {
            body.release()
            return nil
        }
        self.thread = thread
    }

    func join() { pthread_join(thread, nil) }

    func detach() { pthread_detach(thread) }
}
