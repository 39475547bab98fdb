internal import BrambleModel

extension LocalStore {
    /// Copies a directory of the host into the store. It is not scanned for references: what is
    /// added refers to nothing.
    ///
    /// - Parameters:
    ///   - path: Absolute.
    package func add(directory path: String) throws(StoreError) -> StoredObject {
        let operation = "cannot add `\(path)`"
        do throws(StoreError) {
            let source = Place(path)
            let walked = try WalkedTree(fileSystem, source, name: path)
            let place = session.newPlace()
            let copied = try copier().copy(walked, from: source, to: place)
            try copied.finish(fileSystem)
            let tree = copied.tree()
            let draft = Draft(
                place: place, name: StoreName(tree: tree.root), tree: tree, references: [])
            return try publishOne(draft, operation)
        } catch {
            throw error.code == .unsupported ? error : error.during(operation)
        }
    }

    func publishOne(_ draft: Draft, _ operation: String) throws(StoreError) -> StoredObject {
        _ = try publish([draft], operation)
        // The draft is gone if it was moved, and of no use if the store had the object already.
        try fileSystem.removeTree(draft.place)
        return draft.object
    }
}
