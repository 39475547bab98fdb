import Glibc

/// Hears of Ctrl-C on a thread of its own, so that what it does then is not confined to what a signal
/// handler may do.
package enum InterruptWatcher {
    /// Calls `action` at each SIGINT from now on, or other signals that are to mean the same, on another
    /// thread.
    ///
    /// To be called once, before other threads are started. A process that was started with a signal
    /// ignored, as shells start what is to run in the background, leaves it so.
    package static func start(
        at numbers: [Int32] = [SIGINT], _ action: @escaping @Sendable () -> Void
    ) {
        let heard = numbers.filter { number in
            var old = sigaction()
            return sigaction(number, nil, &old) == 0 && !isIgnored(old)
        }
        guard !heard.isEmpty else { return }
        var signals = set(of: heard)
        // Threads inherit the mask: the signal waits for `sigwait`, and reaches nobody else.
        guard pthread_sigmask(SIG_BLOCK, &signals, nil) == 0 else { return }
        let box = Unmanaged.passRetained(Box(signals, action))
        var thread = pthread_t()
        let status = pthread_create(&thread, nil, waitForSignals, box.toOpaque())
        if status == 0 {
            pthread_detach(thread)
        } else {
            box.release()
            pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        }
    }

    private final class Box: Sendable {
        let signals: sigset_t
        let action: @Sendable () -> Void

        init(_ signals: sigset_t, _ action: @escaping @Sendable () -> Void) {
            self.signals = signals
            self.action = action
        }
    }

    private typealias Pointer = UnsafeMutableRawPointer

    private static func isIgnored(_ action: sigaction) -> Bool {
        // SIG_IGN is the number 1 in place of a function.
        unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }

    /// The body of the thread.
    private static let waitForSignals: @convention(c) (Pointer?) -> Pointer? = { box in
        guard let box else { return nil }
        let watched = Unmanaged<Box>.fromOpaque(box).takeRetainedValue()
        var signals = watched.signals
        while true {
            var signal: Int32 = 0
            if sigwait(&signals, &signal) == 0 { watched.action() }
        }
    }

    private static func set(of numbers: [Int32]) -> sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in numbers { sigaddset(&signals, number) }
        return signals
    }
}
