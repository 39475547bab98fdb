package import BrambleModel

/// A directory of the host as it was looked at: what a build would see of it, by digests. Nothing
/// of it is in the store yet.
package struct SourceTree: Sendable {
    /// Absolute.
    package let directory: String
    package let tree: Tree
    /// How many files had to be read.
    package let readCount: Int

    /// What the object will be called.
    package var name: StoreName { StoreName(tree: tree.root) }
}
