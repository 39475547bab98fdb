import BrambleStore
import Synchronization

/// Folders for builders to work in, which are emptied and used again.
///
/// A folder for each build would be simpler. But ext4 gives no inode out again within seconds of its removal, and
/// walks over all that were removed to find another (`recently_deleted` in its ialloc.c): with a handful of
/// directories made and removed for each, a sixth of the time of small builds went there.
final class WorkFolderPool: Sendable {
    private let store: LocalStore
    private let free = Mutex<[String]>([])

    init(_ store: LocalStore) {
        self.store = store
    }

    deinit {
        for folder in free.withLock({ $0 }) { TreeRemoval.remove(folder) }
    }

    /// A folder in which all directories of a `BuildFolder` that are there are empty.
    func take() throws(StoreError) -> String {
        if let folder = free.withLock({ $0.popLast() }) { return folder }
        return try store.newWorkFolder()
    }

    /// Takes a folder back, with whatever is in it.
    func give(_ folder: String) {
        let directories = TreeRemoval.names(in: folder + "/outputs").map { "/outputs/" + $0 }
        guard (["/build"] + directories).allSatisfy({ TreeRemoval.empty(folder + $0) }) else {
            // Nobody is to find what another one has left.
            return TreeRemoval.remove(folder)
        }
        free.withLock { $0.append(folder) }
    }
}
