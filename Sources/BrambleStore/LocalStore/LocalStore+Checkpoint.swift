extension LocalStore {
    /// Makes all that was added durable: what the file system holds goes to the disk, and then the
    /// objects are marked. After a power failure marked objects are relied on; others are verified
    /// before they are used.
    ///
    /// - Returns: How many objects were marked.
    @discardableResult
    package func checkpoint() throws(StoreError) -> Int {
        // Only what is there before the disk is written may be marked after it.
        let last = try index.read("cannot find what is not durable") { database in
            try database.integer(
                "SELECT max(id) FROM objects WHERE state <> 1 AND state = 0 AND boot = ?",
                [options.bootID])
        }
        guard let last else { return 0 }
        try fileSystem.sync(folder.root)
        return try index.write("cannot record what is durable") { database in
            try database.run(
                "UPDATE objects SET state = 1 WHERE state = 0 AND boot = ? AND id <= ?",
                [options.bootID, last])
            return database.changeCount
        }
    }
}
