internal import BrambleModel

/// Compares an object on disk with what the index says is in it, down to the last bit.
struct ObjectCheck {
    let store: LocalStore
    let name: StoreName
    let tree: Tree
    /// Directories by number, so that threads can share them out.
    private let folders: [(path: String, directory: Directory)]
    private let place: Place
    /// Whether the object is where it belongs, and its root as read-only as all of it.
    private let isPublished: Bool

    /// - Parameter place: Where it is; nil if it is where it belongs.
    init(
        _ store: LocalStore, _ name: StoreName, _ tree: Tree, at place: Place? = nil
    ) {
        self.store = store
        self.place = place ?? Place(store.folder.objects, name.description)
        isPublished = place == nil
        self.name = name
        self.tree = tree
        var folders: [(path: String, directory: Directory)] = []
        tree.forEachDirectory { folders.append(($0, $1)) }
        self.folders = folders
    }

    /// - Returns: By path.
    func damages() throws(StoreError) -> [Damage] {
        let root = place
        guard try store.fileSystem.status(at: root)?.kind == .directory else {
            return [Damage(name, "", .missing, "the object is not there")]
        }
        let scan = NameScan(scanner: NameScanner([name]), replaced: 0..<1)
        let folders = folders
        let results = try store.workers.map(
            folders.count,
            makeState: {
                FileCheck(object: name, store.fileSystem, scan)
            },
            { (number, check) throws(StoreError) in
                let folder = folders[number]
                do throws(StoreError) {
                    return try store.fileSystem.withDirectory(root.appending(folder.path)) {
                        (descriptor) throws(StoreError) in
                        try check.compare(folder.directory, folder.path, descriptor)
                    }
                } catch {
                    return FileCheck.Result(unreadable: Damage(name, folder.path, error))
                }
            })
        var damages = results.flatMap(\.damages)
        if !isPublished {
            damages.removeAll { $0.path.isEmpty && [.mode, .time].contains($0.kind) }
        }
        if damages.isEmpty { damages += nameDamages(results) }
        return damages.sorted { $0.path.precedes($1.path) }
    }

    /// Whether the name is the one that follows from the content, which by now is known to be the
    /// tree's.
    private func nameDamages(_ results: [FileCheck.Result]) -> [Damage] {
        let blank = BlankedTree(tree, own: name, results.flatMap(\.ownNames))
        guard blank.name != name else { return [] }
        return [Damage(name, "", .name, "its content has the name `\(blank.name)`")]
    }
}

extension Damage {
    init(_ object: StoreName, _ path: String, _ error: StoreError) {
        self.init(object, path, .unreadable, error.message)
    }
}
