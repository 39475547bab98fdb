import Glibc
import Synchronization

/// The threads that a build runs on: its loop, and the work on derivations. They may wait for disks,
/// locks and the database; the threads that Swift shares out must not.
///
/// Functions of a build are therefore simply written down as they happen, without a hop for each
/// call that blocks (measured: a thread of its own for each call costs some 50 µs).
final class BuildThreads: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var threadCount = 0
        /// Threads that wait for a job.
        var idleCount = 0
        var isEnded = false
    }

    private let state = Mutex(State())
    /// Counts the jobs that wait. A semaphore must not move, so it has memory of its own; POSIX makes
    /// it safe to use from any thread.
    nonisolated(unsafe) private let waiting: UnsafeMutablePointer<sem_t>
    private let maximumCount: Int

    /// 512 KiB: the deepest thing on them is a search in a graph, which keeps its own stack.
    private static let stackBytes = 512 << 10

    /// - Parameter maximumCount: How many jobs may block at once. Threads are started when they are needed.
    init(maximumCount: Int) {
        self.maximumCount = maximumCount
        waiting = .allocate(capacity: 1)
        waiting.initialize(to: sem_t())
        sem_init(waiting, 0, 0)
    }

    deinit {
        sem_destroy(waiting)
        waiting.deallocate()
    }

    /// Lets the threads go when they have done what is to be done.
    func end() {
        let count = state.withLock { state in
            state.isEnded = true
            return state.threadCount
        }
        for _ in 0..<count { sem_post(waiting) }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        guard let thread = BuildThread.current, thread.owner === self, thread.isFinishing else {
            return share(job)
        }
        // More than one is for others.
        if let older = thread.next { share(older) }
        thread.next = job
    }

    /// Says that the job of this thread is about to return, and what it wakes until then is for this thread to go on with.
    /// That saves waking another thread (measured, some 100 µs for two of them: longer than the loop of a build takes).
    ///
    /// Not for a job that goes on or waits for something: what it wakes would wait for it.
    static func finishJob() {
        BuildThread.current?.isFinishing = true
    }

    private func share(_ job: UnownedJob) {
        let isShort = state.withLock { state in
            state.jobs.append(job)
            let isShort =
                state.jobs.count > state.idleCount && state.threadCount < maximumCount
            if isShort { state.threadCount += 1 }
            return isShort
        }
        sem_post(waiting)
        guard isShort, !start() else { return }
        // Those that there are do it all, if not as much at once.
        let others = state.withLock { state in
            state.threadCount -= 1
            return state.threadCount
        }
        precondition(others > 0, "the system has no thread for a build")
    }

    /// - Returns: Whether the system has another thread.
    private func start() -> Bool {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, BuildThreads.stackBytes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        // The thread takes the reference over, so that the threads keep what they wait on alive.
        let owner = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let status = pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument else { return nil }
                Unmanaged<BuildThreads>.fromOpaque(argument).takeRetainedValue().work()
                return nil
            }, owner.toOpaque())
        if status != 0 { owner.release() }
        return status == 0
    }

    private func work() {
        let thread = BuildThread(owner: self)
        BuildThread.current = thread
        while let job = take(thread) {
            job.runSynchronously(on: asUnownedTaskExecutor())
            thread.isFinishing = false
        }
        BuildThread.current = nil
    }

    /// - Returns: nil in the end.
    private func take(_ thread: BuildThread) -> UnownedJob? {
        if let next = thread.next {
            thread.next = nil
            if state.withLock({ $0.jobs.isEmpty }) { return next }
            // Others were first.
            share(next)
        }
        let isOver = state.withLock { state in
            if state.isEnded, state.jobs.isEmpty { return true }
            state.idleCount += 1
            return false
        }
        if isOver { return nil }
        while true {
            while sem_wait(waiting) < 0 {}
            let (job, isEnded) = state.withLock { state in
                let job = state.jobs.isEmpty ? nil : state.jobs.removeFirst()
                if job != nil { state.idleCount -= 1 }
                return (job, state.isEnded)
            }
            if job != nil || isEnded { return job }
        }
    }
}

/// What a thread of a build knows by itself.
private final class BuildThread {
    let owner: BuildThreads
    var isFinishing = false
    /// What it does when it has done what it does now.
    var next: UnownedJob?

    init(owner: BuildThreads) {
        self.owner = owner
    }

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let status = pthread_key_create(&key, nil)
        precondition(status == 0, "the system has no room for what belongs to a thread")
        return key
    }()

    /// That of the calling thread, which keeps it alive; nil on threads that are not of a build.
    static var current: BuildThread? {
        get {
            pthread_getspecific(key).map {
                Unmanaged<BuildThread>.fromOpaque($0).takeUnretainedValue()
            }
        }
        set {
            pthread_setspecific(key, newValue.map { Unmanaged.passUnretained($0).toOpaque() })
        }
    }
}
