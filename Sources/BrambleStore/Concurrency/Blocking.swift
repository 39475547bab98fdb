/// Where tasks have the work done that waits for disks and locks: on a thread of its own each, so
/// that the cooperative pool never blocks. A thread costs some 20 µs; what is smaller is not worth
/// awaiting.
package enum Blocking {
    package static func run<Result: Sendable>(
        _ body: @escaping @Sendable () throws(StoreError) -> Result
    ) async throws(StoreError) -> Result {
        let outcome = await withCheckedContinuation { continuation in
            let work: @Sendable () -> Void = {
                do throws(StoreError) {
                    continuation.resume(
                        returning: Swift.Result<Result, StoreError>.success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
            // Out of threads, waiting here is better than failing.
            guard let thread = WorkerThread(work) else { return work() }
            thread.detach()
        }
        return try outcome.get()
    }
}
