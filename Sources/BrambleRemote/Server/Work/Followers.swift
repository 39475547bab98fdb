/// Those who follow a piece of work, each by a stream of its own.
struct Followers<Element: Sendable> {
    private var streams: [Int: AsyncStream<Element>.Continuation] = [:]
    private var nextNumber = 0
    /// When the last one left, or when the work was done.
    private var aloneSince = ContinuousClock.now

    /// How long there has been nobody; zero while there is somebody.
    var solitude: Duration { streams.isEmpty ? .now - aloneSince : .zero }

    var all: some Collection<AsyncStream<Element>.Continuation> { streams.values }

    /// - Parameter leave: Called with the number of the stream when nobody reads it any more; it may not
    ///   be called under the lock that guards these followers.
    mutating func add(
        _ stream: AsyncStream<Element>.Continuation, leave: @escaping @Sendable (Int) -> Void
    ) {
        let number = nextNumber
        nextNumber += 1
        streams[number] = stream
        stream.onTermination = { _ in leave(number) }
    }

    /// - Parameter isDone: Whether the work was done before.
    mutating func remove(_ number: Int, isDone: Bool) {
        streams[number] = nil
        if !isDone { aloneSince = .now }
    }

    /// The work is done: from now on it counts how long nobody has asked.
    mutating func noteEnd() { aloneSince = .now }
}
