package import BrambleModel

/// An object of the store.
package struct StoredObject: Hashable, Sendable {
    package let name: StoreName
    package let tree: Digest
    /// The bytes of all its files.
    package let sizeBytes: Int

    package init(name: StoreName, tree: Digest, sizeBytes: Int) {
        self.name = name
        self.tree = tree
        self.sizeBytes = sizeBytes
    }
}
