import CBrambleSandbox
import Glibc

/// Runs what blocks on a thread of its own, so that the cooperative pool never waits (STYLE, "Concurrency").
enum DedicatedThread {
    /// 256 KiB: the deepest thing that runs here is a walk over an output's folders, and is not recursive.
    private static let stackBytes = 256 << 10

    private final class Work {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }

    /// - Throws: `SandboxError` if there can be no more threads; the body then never runs.
    static func start(_ body: @escaping @Sendable () -> Void) throws(SandboxError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackBytes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let work = Unmanaged.passRetained(Work(body))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, &attributes,
            { argument in
                // The argument is the retained work of above, and this thread its only taker.
                if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            }, work.toOpaque())
        if status != 0 {
            work.release()
            throw SandboxError(call: "pthread_create", number: status)
        }
    }
}
