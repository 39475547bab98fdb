import BrambleModel
import BrambleProject

/// The text of a graph: in memory, or in a file of the cache, where it stays as long as nobody asks.
/// A build that has nothing to do never does, and a large graph has megabytes.
enum GraphText: Sendable {
    case inMemory([UInt8], ContentHash)
    /// - Parameter evaluateAgain: Gives the text if the file is gone, or is not what it was.
    case inFile(
        String, ContentHash, evaluateAgain: @Sendable () throws(BrambleError) -> [UInt8])

    init(_ bytes: [UInt8]) {
        self = .inMemory(bytes, ContentHash(of: bytes))
    }

    var hash: ContentHash {
        switch self {
        case .inMemory(_, let hash), .inFile(_, let hash, _): hash
        }
    }

    func bytes() throws(BrambleError) -> [UInt8] {
        switch self {
        case .inMemory(let bytes, _): return bytes
        case .inFile(let path, let hash, let evaluateAgain):
            // A cache that cannot be read is an empty one.
            if let bytes = try? HostFile.read(path), ContentHash(of: bytes) == hash {
                return bytes
            }
            return try evaluateAgain()
        }
    }
}
