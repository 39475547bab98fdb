import Glibc

/// The system's clock that is never set.
enum MonotonicClock {
    /// Nanoseconds since the system was started, or so.
    static var nanoseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
