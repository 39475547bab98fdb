internal import BrambleModel

/// An object that is complete, at a place of the session's own.
struct Draft: Sendable {
    let place: Place
    let name: StoreName
    let tree: Tree
    /// Sorted, each once, without the object itself.
    let references: [StoreName]

    var object: StoredObject {
        StoredObject(name: name, tree: tree.root, sizeBytes: tree.contentSizeBytes)
    }
}
