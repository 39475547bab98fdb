import CBrambleChannels
import Glibc

/// Wakes a thread that polls, from anywhere and at any time.
final class Cancellation: Sendable {
    /// Polls readable when it is cancelled.
    let descriptor: Int32
    private let writing: Int32

    init() throws(SandboxError) {
        var ends: [Int32] = [-1, -1]
        guard bramble_make_pipe(&ends) == 0 else {
            throw SandboxError(call: "making a pipe", number: errno)
        }
        (descriptor, writing) = (ends[0], ends[1])
    }

    deinit {
        close(descriptor)
        close(writing)
    }

    /// Happens once in a task's life, so the pipe never fills.
    func cancel() {
        var byte: UInt8 = 0
        _ = write(writing, &byte, 1)
    }
}
