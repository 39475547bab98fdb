import Synchronization

/// Lines from several threads, in the order in which they come.
final class MessageList: Sendable {
    private let state = Mutex<[String]>([])

    var lines: [String] { state.withLock { $0 } }

    func append(_ line: String) { state.withLock { $0.append(line) } }
}
