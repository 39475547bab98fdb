import BrambleStore

/// A store as the command line works in it: content-addressed objects in a folder of this machine
/// (DESIGN, "Store").
public final class Store: Sendable {
    let local: LocalStore

    /// Opens the store in a folder, and makes it if there is none.
    ///
    /// - Parameter folder: Absolute.
    /// - Throws: `files` if it cannot be used, or is no store.
    public init(folder: String) throws(BrambleError) {
        local = try BrambleError.storing { () throws(StoreError) in try LocalStore(folder) }
    }

    /// Opens a store whose index may be lost, so that `reindex` can make it anew. Until then it
    /// seems to be empty.
    ///
    /// - Throws: As the other one.
    public init(reindexing folder: String) throws(BrambleError) {
        var options = LocalStore.Options()
        options.remakesIndex = true
        let final = options
        local = try BrambleError.storing { () throws(StoreError) in
            try LocalStore(folder, options: final)
        }
    }

    /// Removes what this process has there for itself, when nothing more is to be done.
    public func close() { local.close() }

    /// The folder that the store is in.
    public var folder: String { local.path }
}
