import BrambleModel
import BrambleStore
import Synchronization

/// The remainders of trees, as contents: found once for each tree, as thousands of actions have most of their
/// inputs in common.
final class RemainderMemory: Sendable {
    private let contents = Mutex<[Digest: BlobContent?]>([:])

    /// - Returns: nil if there is nothing that an engine leaves out.
    func content(of tree: Tree) -> BlobContent? {
        if let known = contents.withLock({ $0[tree.root] }) { return known }
        let remainder = TreeRemainder(tree)
        var content: BlobContent?
        if !remainder.isEmpty {
            guard let bytes = try? CanonicalJSON.encode(remainder) else {
                preconditionFailure("a remainder that cannot be written")
            }
            content = BlobContent(bytes)
        }
        contents.withLock { $0[tree.root] = .some(content) }
        return content
    }
}
