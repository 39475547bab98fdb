import CBrambleSandbox
import Glibc

/// Watches a running sandbox: passes its log on, keeps the time, looks at sizes; and ends it when it has to.
struct SandboxWatch {
    /// A pidfd of pid 1.
    let process: Int32
    /// Where the log is read; -1 if there is none.
    let log: Int32
    /// Polls readable when the run is cancelled.
    let cancellation: Int32
    let plan: RootPlan
    let limits: SandboxLimits
    let start: ContinuousClock.Instant

    /// Walks of outputs take at most about a twentieth of the time, and come at least this far apart.
    private static let walkPause = Duration.milliseconds(250)
    /// One read; also what is seen of a log between two looks at the clock.
    private static let bufferBytes = 64 << 10

    /// What changes while it runs.
    private struct Progress {
        var sanitizer = LogSanitizer()
        var logBytes = 0
        var lastOutput: ContinuousClock.Instant
        var nextWalk: ContinuousClock.Instant?
        var isLogOpen: Bool
    }

    /// Returns when nothing of the sandbox runs any more.
    ///
    /// - Returns: Why it was stopped, if it was.
    func wait(line: ((String) -> Void)?) -> SandboxResult.StopReason? {
        let emit = line ?? { _ in }
        var reason: SandboxResult.StopReason?
        var progress = Progress(
            lastOutput: start, nextWalk: limits.outputBytes.map { _ in start + Self.walkPause },
            isLogOpen: log >= 0)
        withUnsafeTemporaryAllocation(byteCount: Self.bufferBytes, alignment: 1) { buffer in
            while true {
                let ready = poll(until: reason == nil ? deadline(progress) : nil, progress)
                if ready.log { readLog(buffer, &progress, emit) }
                // Before the log is at its end there may be more to read than a buffer's worth.
                if ready.process { break }
                if reason == nil {
                    reason = ready.cancellation ? .cancelled : reasonToStop(&progress)
                    if reason != nil { kill() }
                }
            }
            // Nobody writes any more: what is there is all that comes.
            while progress.isLogOpen && readLog(buffer, &progress, emit) {}
            progress.sanitizer.finish(line: emit)
        }
        return reason ?? finalReason(progress)
    }

    /// Kills pid 1, and so everything in the sandbox.
    private func kill() {
        // It fails only if the process is gone, which is what we want.
        _ = bramble_sandbox_kill(process)
    }

    /// When to look at the clock again at the latest.
    private func deadline(_ progress: Progress) -> ContinuousClock.Instant? {
        let moments = [
            limits.timeout.map { start + $0 }, limits.silence.map { progress.lastOutput + $0 },
            progress.nextWalk,
        ]
        return moments.compactMap(\.self).min()
    }

    private func reasonToStop(_ progress: inout Progress) -> SandboxResult.StopReason? {
        let now = ContinuousClock.now
        if let timeout = limits.timeout, now - start >= timeout { return .timeout }
        if let silence = limits.silence, now - progress.lastOutput >= silence { return .silence }
        if let limit = limits.logBytes, progress.logBytes > limit { return .logSize }
        guard let limit = limits.outputBytes, let next = progress.nextWalk, now >= next else {
            return nil
        }
        if plan.writtenBytes(upTo: limit) > limit { return .outputSize }
        let took = ContinuousClock.now - now
        progress.nextWalk = .now + max(Self.walkPause, took * 20)
        return nil
    }

    /// What it did just before its end counts too.
    private func finalReason(_ progress: Progress) -> SandboxResult.StopReason? {
        if let limit = limits.logBytes, progress.logBytes > limit { return .logSize }
        if let limit = limits.outputBytes, plan.writtenBytes(upTo: limit) > limit {
            return .outputSize
        }
        return nil
    }

    /// Takes what there is of the log, a buffer full at most.
    ///
    /// - Returns: Whether there may be more at once.
    @discardableResult
    private func readLog(
        _ buffer: UnsafeMutableRawBufferPointer, _ progress: inout Progress,
        _ emit: (String) -> Void
    ) -> Bool {
        let count = read(log, buffer.baseAddress, buffer.count)
        if count < 0 && (errno == EAGAIN || errno == EINTR) { return errno == EINTR }
        // A pseudo terminal ends with EIO.
        guard count > 0 else {
            progress.isLogOpen = false
            return false
        }
        progress.logBytes += count
        progress.lastOutput = .now
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
        progress.sanitizer.append(bytes, line: emit)
        return true
    }

    private func poll(
        until deadline: ContinuousClock.Instant?, _ progress: Progress
    ) -> (process: Bool, log: Bool, cancellation: Bool) {
        let events = Int16(POLLIN)
        // Negative numbers are passed over.
        var list = [
            pollfd(fd: process, events: events, revents: 0),
            pollfd(fd: progress.isLogOpen ? log : -1, events: events, revents: 0),
            pollfd(fd: cancellation, events: events, revents: 0),
        ]
        let milliseconds = deadline.map { Self.milliseconds(until: $0) } ?? -1
        guard Glibc.poll(&list, nfds_t(list.count), milliseconds) > 0 else {
            return (false, false, false)
        }
        return (list[0].revents != 0, list[1].revents != 0, list[2].revents != 0)
    }

    /// Rounded up, so that a moment has come when the wait for it is over. At most a minute: the caller looks again.
    private static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
        let wait = min(max(deadline - .now, .zero), .seconds(60)).components
        return Int32(wait.seconds * 1000 + wait.attoseconds / 1_000_000_000_000_000 + 1)
    }
}
