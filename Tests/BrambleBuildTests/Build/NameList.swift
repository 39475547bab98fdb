import Synchronization

/// Texts, from any thread.
final class NameList: Sendable {
    private let texts = Mutex<[String]>([])

    func append(_ more: [String]) { texts.withLock { $0 += more } }

    var all: [String] { texts.withLock { $0 } }
}
