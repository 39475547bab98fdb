import BrambleModel
import BrambleProject
import Synchronization

/// The text of a graph: in memory, or in a file of the cache, where it stays as long as nobody asks.
/// A build that has nothing to do never does, and a large graph has megabytes.
enum GraphText: Sendable {
    case inMemory(HashedBytes)
    /// - Parameter evaluateAgain: Gives the text if the file is gone, or is not what it was.
    case inFile(
        String, ContentHash, evaluateAgain: @Sendable () throws(BrambleError) -> [UInt8])

    init(_ bytes: [UInt8]) {
        self = .inMemory(HashedBytes(bytes))
    }

    var hash: ContentHash {
        switch self {
        case .inMemory(let text): text.hash
        case .inFile(_, let hash, _): hash
        }
    }

    func bytes() throws(BrambleError) -> [UInt8] {
        switch self {
        case .inMemory(let text): return text.bytes
        case .inFile(let path, let hash, let evaluateAgain):
            // A cache that cannot be read is an empty one.
            if let bytes = try? HostFile.read(path), ContentHash(of: bytes) == hash {
                return bytes
            }
            return try evaluateAgain()
        }
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
