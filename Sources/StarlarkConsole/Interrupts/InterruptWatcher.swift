import Glibc

/// Hears of Ctrl-C on a thread of its own, so that what it does then is not confined to what a signal
/// handler may do.
package enum InterruptWatcher {
    /// Calls `action` at each SIGINT from now on, on another thread.
    ///
    /// To be called once, before other threads are started. A process that was started with SIGINT
    /// ignored, as shells start what is to run in the background, leaves it so.
    package static func start(_ action: @escaping @Sendable () -> Void) {
        var old = sigaction()
        guard sigaction(SIGINT, nil, &old) == 0, !isIgnored(old) else { return }
        var signals = interrupts()
        // Threads inherit the mask: the signal waits for `sigwait`, and reaches nobody else.
        guard pthread_sigmask(SIG_BLOCK, &signals, nil) == 0 else { return }
        let box = Unmanaged.passRetained(Box(action))
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
        let action: @Sendable () -> Void

        init(_ action: @escaping @Sendable () -> Void) {
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
        let action = Unmanaged<Box>.fromOpaque(box).takeRetainedValue().action
        var signals = interrupts()
        while true {
            var signal: Int32 = 0
            if sigwait(&signals, &signal) == 0 { action() }
        }
    }

    private static func interrupts() -> sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        return signals
    }
}
