import Glibc

/// Hears of Ctrl-C on a thread of its own, so that what it does then is not confined to what a signal
/// handler may do.
package enum InterruptWatcher {
    /// Calls `action` at each SIGINT from now on, or other signals that are to mean the same, on another
    /// thread.
    ///
    /// To be called once, before other threads are started. A process that was started with a signal
    /// ignored, as shells start what is to run in the background, leaves it so.
    ///
    /// - Parameter beforeTermination: Called at SIGTERM, which then ends the process as it does anyway; nil to
    ///   leave that signal alone, or to `action` if it is among the numbers.
    package static func start(
        at numbers: [Int32] = [SIGINT], _ action: @escaping @Sendable () -> Void,
        beforeTermination: (@Sendable () -> Void)? = nil
    ) {
        let wanted = numbers + (beforeTermination == nil ? [] : [SIGTERM])
        let heard = wanted.filter { !isIgnored($0) }
        guard !heard.isEmpty else { return }
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in heard { sigaddset(&signals, number) }
        // Threads inherit the mask: the signals wait for `sigwait`, and reach nobody else.
        guard pthread_sigmask(SIG_BLOCK, &signals, nil) == 0 else { return }
        let box = Unmanaged.passRetained(Box(signals, action, beforeTermination))
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
        let beforeTermination: (@Sendable () -> Void)?

        init(
            _ signals: sigset_t, _ action: @escaping @Sendable () -> Void,
            _ beforeTermination: (@Sendable () -> Void)?
        ) {
            self.signals = signals
            self.action = action
            self.beforeTermination = beforeTermination
        }
    }

    private typealias Pointer = UnsafeMutableRawPointer

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        // What can't be told is left alone. SIG_IGN is the number 1 in place of a function.
        return sigaction(number, nil, &action) != 0
            || unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }

    /// The body of the thread.
    private static let waitForSignals: @convention(c) (Pointer?) -> Pointer? = { argument in
        guard let argument else { return nil }
        let box = Unmanaged<Box>.fromOpaque(argument).takeRetainedValue()
        var signals = box.signals
        while true {
            var number: Int32 = 0
            guard sigwait(&signals, &number) == 0 else { continue }
            guard number == SIGTERM, let beforeTermination = box.beforeTermination else {
                box.action()
                continue
            }
            beforeTermination()
            signal(SIGTERM, SIG_DFL)
            pthread_sigmask(SIG_UNBLOCK, &signals, nil)
            raise(SIGTERM)
        }
    }
}
