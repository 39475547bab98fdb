import Bramble
import BrambleRemote
import Glibc
import StarlarkConsole
import Synchronization

extension Console {
    /// Runs what takes its time as a task, and waits for it: the one place where the command's own
    /// thread meets those of tasks. Ctrl-C cancels it.
    func runTask<Result: Sendable>(
        _ body: @escaping @Sendable (Cancellation) async throws(BrambleError) -> Result
    ) throws(BrambleError) -> Result {
        try cancellable { cancellation throws(BrambleError) in
            let outcome = TaskOutcome<Result>()
            let task = Task {
                do throws(BrambleError) {
                    outcome.set(.success(try await body(cancellation)))
                } catch {
                    outcome.set(.failure(error))
                }
            }
            cancellation.onCancel { task.cancel() }
            return try outcome.wait().get()
        }
    }

    /// Runs what goes on until it is told to stop, and waits for it. Ctrl-C or SIGTERM tells it; the
    /// second time, they end the process.
    func runService<Result: Sendable>(
        _ body: @escaping @Sendable (StopSignal) async throws(BrambleError) -> Result
    ) throws(BrambleError) -> Result {
        let stop = StopSignal()
        let isTold = Told()
        InterruptWatcher.start(at: [SIGINT, SIGTERM]) {
            if isTold.again() { _exit(ExitStatus.interrupted.number) }
            stop.give()
        }
        let outcome = TaskOutcome<Result>()
        Task {
            do throws(BrambleError) {
                outcome.set(.success(try await body(stop)))
            } catch {
                outcome.set(.failure(error))
            }
        }
        return try outcome.wait().get()
    }
}

/// Whether somebody was told before.
private final class Told: Sendable {
    private let isTold = Atomic(false)

    func again() -> Bool { isTold.exchange(true, ordering: .relaxed) }
}

/// A result that one thread waits for.
private final class TaskOutcome<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, BrambleError>?>(nil)
    /// A semaphore must not move, so it has memory of its own; POSIX makes it safe to use from any
    /// thread.
    nonisolated(unsafe) private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        semaphore = .allocate(capacity: 1)
        semaphore.initialize(to: sem_t())
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func set(_ value: Result<Value, BrambleError>) {
        result.withLock { $0 = value }
        sem_post(semaphore)
    }

    func wait() -> Result<Value, BrambleError> {
        while sem_wait(semaphore) < 0 {}
        guard let value = result.withLock({ $0 }) else {
            preconditionFailure("a result was announced and not given")
        }
        return value
    }
}
