/// Tells a server to stop: once, from anywhere.
package struct StopSignal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    package init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    package func give() { continuation.finish() }

    /// Waits until it is given, or the task is cancelled.
    func wait() async {
        for await _ in stream {}
    }
}
