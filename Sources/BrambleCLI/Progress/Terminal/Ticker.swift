import Glibc
import Synchronization

/// Calls an action at equal intervals, on a thread of its own, until it is stopped.
final class Ticker: Sendable {
    private let work: Work
    private let thread: Mutex<pthread_t?>

    /// - Returns: nil if there can be no more threads.
    init?(every interval: Duration, _ action: @escaping @Sendable () -> Void) {
        work = Work(interval: interval, action: action)
        let reference = Unmanaged.passRetained(work)
        var thread = pthread_t()
        // Signals are the business of other threads, and a new one inherits what it does not hear.
        var (all, old) = (sigset_t(), sigset_t())
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &old)
        let status = pthread_create(&thread, nil, Ticker.body, reference.toOpaque())
        pthread_sigmask(SIG_SETMASK, &old, nil)
        guard status == 0 else {
            reference.release()
            return nil
        }
        self.thread = Mutex(thread)
    }

    /// Returns when the action does not run and never will again. What comes after the first call
    /// does nothing.
    func stop() {
        let thread = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        guard let thread else { return }
        work.end()
        pthread_join(thread, nil)
    }

    private typealias Pointer = UnsafeMutableRawPointer

    private static let body: @convention(c) (Pointer?) -> Pointer? = { argument in
        // The argument is the reference retained in `init`, and this thread its only taker.
        if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
    }
}

/// What the thread does.
///
/// Safe to share: both pointers are set once and freed with the last reference, they point to what
/// POSIX lets threads share, and `hasEnded` is only touched while the mutex is held.
private final class Work: @unchecked Sendable {
    private let interval: Duration
    private let action: @Sendable () -> Void
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var hasEnded = false

    init(interval: Duration, action: @escaping @Sendable () -> Void) {
        self.interval = interval
        self.action = action
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        // Not the time of day, which may be set.
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func run() {
        while wait() { action() }
    }

    func end() {
        pthread_mutex_lock(mutex)
        hasEnded = true
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    /// - Returns: Whether the interval has passed; false if it is over before.
    private func wait() -> Bool {
        var deadline = timespec()
        clock_gettime(CLOCK_MONOTONIC, &deadline)
        let nanoseconds = deadline.tv_nsec + Int(interval / .nanoseconds(1))
        deadline.tv_sec += nanoseconds / 1_000_000_000
        deadline.tv_nsec = nanoseconds % 1_000_000_000
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !hasEnded {
            if pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT { break }
        }
        return !hasEnded
    }
}
