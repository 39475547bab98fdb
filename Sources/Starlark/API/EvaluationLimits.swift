import Synchronization

/// What an evaluation may use at most. A limit that is reached ends the evaluation with an error,
/// which neither a program nor host code can prevent.
public struct EvaluationLimits: Sendable {
    /// Backward jumps and calls of functions of programs: exactly so many are allowed. Nil: as many
    /// as it takes; only `while` and recursion can then run for ever.
    ///
    /// The count begins anew with every evaluation (`Evaluator.run`, `call`, `evaluate`) that is
    /// not inside of another. What a builtin does is not counted; a large result meets the limit of
    /// memory.
    public var steps: Int?
    /// Calls nested in one another, at most `maximumDepth`.
    public var depth: Int
    /// Bytes of memory in use for values at a time, in steps of 256 KiB. Values that the host holds
    /// count.
    public var allocatedBytes: Int?

    /// The largest depth: the stack has four registers for each call then.
    public static let maximumDepth = 1 << 18

    /// Limits; nil for none.
    public init(steps: Int? = nil, depth: Int = 5_000, allocatedBytes: Int? = nil) {
        self.steps = steps
        self.depth = depth
        self.allocatedBytes = allocatedBytes
    }
}

/// Ends an evaluation from another thread.
public final class CancellationFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    /// A flag that is not raised.
    public init() {}

    /// Lets the evaluation fail within a fraction of a millisecond of running code. With none
    /// running, the next one fails.
    public func cancel() { flag.store(true, ordering: .relaxed) }

    /// Whether `cancel` was called and no evaluation has ended from it yet.
    public var isCancelled: Bool { flag.load(ordering: .relaxed) }

    /// Takes `cancel` back, if no evaluation has ended from it yet.
    public func reset() { flag.store(false, ordering: .relaxed) }
}
