import Synchronization

/// What an evaluation may use at most. A limit that is reached ends the evaluation with an error.
public struct EvaluationLimits: Sendable {
    /// Backward jumps and calls. Nil: as many as it takes; only `while` and recursion can then run for ever.
    public var steps: Int?
    /// Calls nested in one another, at most `maximumDepth`.
    public var depth: Int
    /// Bytes of memory in use for values at a time, in steps of 256 KiB.
    public var allocatedBytes: Int?

    /// The largest depth: the stack has four registers for each call then.
    public static let maximumDepth = 1 << 18

    public init(steps: Int? = nil, depth: Int = 5_000, allocatedBytes: Int? = nil) {
        self.steps = steps
        self.depth = depth
        self.allocatedBytes = allocatedBytes
    }
}

/// Ends an evaluation from another thread.
public final class CancellationFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    public init() {}

    /// Lets the evaluation fail within a fraction of a millisecond of running code.
    public func cancel() { flag.store(true, ordering: .relaxed) }

    /// Whether `cancel` was called.
    public var isCancelled: Bool { flag.load(ordering: .relaxed) }
}
