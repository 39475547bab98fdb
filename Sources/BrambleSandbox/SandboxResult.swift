/// How a command ended.
package struct SandboxResult: Sendable, Hashable {
    package enum Ending: Sendable, Hashable {
        case exited(status: Int32)
        case signalled(Int32)
        /// It was killed, with all that it had started.
        case stopped(StopReason)
    }

    package enum StopReason: String, Sendable, Hashable {
        case timeout
        case silence
        case outputSize = "output_size"
        case logSize = "log_size"
        /// The task that ran it was cancelled.
        case cancelled
        /// Not by us: most likely the kernel, out of memory.
        case killedFromOutside = "killed_from_outside"
    }

    package var ending: Ending
    /// From the launch until nothing of it ran any more.
    package var wallTime: Duration
    /// What it and the children that it waited for have used; nil if it was stopped.
    package var usage: ResourceUsage?

    package var isSuccess: Bool { ending == .exited(status: 0) }
}

/// What processes have used of the machine.
package struct ResourceUsage: Sendable, Hashable {
    package var userTime: Duration
    package var systemTime: Duration
    /// Of the largest process.
    package var peakMemoryBytes: Int
}
