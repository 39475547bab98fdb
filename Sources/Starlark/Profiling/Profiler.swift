import Synchronization

/// Measures where evaluations spend their time.
///
/// ```swift
/// let profiler = Profiler(clock: nanosecondsSinceStart)
/// let program = try Program.compile(file, forProfiling: true)
/// evaluator.setProfiler(profiler)
/// _ = try evaluator.run(program)
/// print(profiler.profile().functions)
/// ```
///
/// Programs compiled for profiling interrupt the machine after every statement. The time since the interruption
/// before is that of the statement, with the builtins that it called; the time that the profiler itself
/// takes, which is what the cheapest statement seems to take, is left out. So calls are counted rather than
/// guessed, nothing depends on chance, and only statements of a few nanoseconds seem to take more than they do. It makes programs a few times slower; other
/// programs, and evaluators without a profiler, pay nothing.
///
/// One profiler may serve several evaluators that run inside of one another, as those of modules that load
/// modules do. With evaluators that run at the same time, what was called by what would be mixed up.
public final class Profiler: Sendable {
    /// Nanoseconds since some moment. It must not go backwards.
    private let clock: @Sendable () -> UInt64
    /// Used only while `lock` is held. The lock can't own it: it refers to the code of programs, which it keeps.
    nonisolated(unsafe) private var recording = ProfileRecording()
    private let lock = Mutex(())

    /// - Parameter clock: Nanoseconds since some moment, the same at each call; monotonic.
    public init(clock: @escaping @Sendable () -> UInt64) {
        self.clock = clock
    }

    /// What was measured so far.
    public func profile() -> Profile { lock.withLock { _ in recording.makeProfile() } }

    /// An evaluator is about to use the profiler.
    ///
    /// - Returns: How many functions of other evaluators are running.
    func begin() -> Int {
        lock.withLock { _ in
            recording.last = clock()
            return recording.stackDepth
        }
    }

    /// The machine was interrupted in the top frame, before `next`.
    func record(
        _ state: UnsafeMutablePointer<MachineState>, next: UnsafeMutablePointer<Instruction>,
        base: Int
    ) {
        lock.withLock { _ in
            recording.record(state, next: next, base: base, now: clock())
            recording.last = clock()
        }
    }

    /// The machine has collected garbage since the last interruption.
    func recordCollection() {
        lock.withLock { _ in
            let now = clock()
            recording.collection &+= now &- recording.last
            recording.last = now
        }
    }
}

extension Evaluator {
    /// Lets a profiler measure the evaluations from now on, or none with nil.
    ///
    /// While it does, statements count as steps for the limit of steps.
    public func setProfiler(_ profiler: Profiler?) {
        context.profiler = profiler
        context.profilerBase = profiler?.begin() ?? 0
        // The fuel granted before would let some statements pass unseen.
        context.refuel(machine.state)
    }
}
