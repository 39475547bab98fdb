import BrambleModel
import BrambleProject
import Synchronization

/// The text of a graph: in memory, beside what it says, or in a file of the cache, where it stays as long as nobody asks.
/// A build that has nothing to do never does, and a large graph has megabytes.
enum GraphText: Sendable {
    case inMemory(HashedBytes, DerivationGraph)
    /// - Parameter evaluateAgain: Gives the text if the file is gone, or is not what it was.
    case inFile(
        String, ContentHash, evaluateAgain: @Sendable () throws(BrambleError) -> [UInt8])

    init(_ graph: DerivationGraph) {
        self = .inMemory(HashedBytes(graph.canonicalJSON), graph)
    }

    var hash: ContentHash {
        switch self {
        case .inMemory(let text, _): text.hash
        case .inFile(_, let hash, _): hash
        }
    }

    func bytes() throws(BrambleError) -> [UInt8] {
        switch self {
        case .inMemory(let text, _): return text.bytes
        case .inFile(let path, let hash, let evaluateAgain):
            // A cache that cannot be read is an empty one.
            if let bytes = try? HostFile.read(path), ContentHash(of: bytes) == hash {
                return bytes
            }
            return try evaluateAgain()
        }
    }

    /// What it says.
    func graph() throws(BrambleError) -> DerivationGraph {
        if case .inMemory(_, let graph) = self { return graph }
        return try GraphFile(name: "the evaluation", bytes: try bytes()).graph()
    }
}

/// Bytes with their hash, which is computed when somebody asks for it first.
final class HashedBytes: Sendable {
    let bytes: [UInt8]
    private let known = Mutex<ContentHash?>(nil)

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var hash: ContentHash {
        known.withLock { known in
            let hash = known ?? ContentHash(of: bytes)
            known = hash
            return hash
        }
    }
}
