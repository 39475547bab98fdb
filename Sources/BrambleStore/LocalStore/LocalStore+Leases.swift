package import BrambleModel

extension LocalStore {
    /// Keeps objects, and all that they refer to, from being collected as long as this store is
    /// open. What is added is kept without that.
    ///
    /// - Throws: `notFound` if one of them has been collected before.
    package func lease(_ names: [StoreName]) throws(StoreError) {
        try index.write("cannot lease objects") { database in
            let now = options.clock()
            for name in names {
                guard let row = try ObjectRow.find(name, database), row.state != .damaged else {
                    throw LocalStore.missing(name)
                }
                try touch(row.id, database, now)
            }
            try lease(names, database)
            try bumpGeneration(database)
        }
    }

    func lease(_ names: [StoreName], _ database: Database) throws {
        for name in names {
            try database.run(
                "INSERT OR IGNORE INTO leases (session, object) VALUES (?, ?)",
                [session.name, name.description])
        }
    }

    /// Gives up what `lease` and additions have kept.
    package func endLeases() throws(StoreError) {
        try index.write("cannot end leases") { database in
            try database.run("DELETE FROM leases WHERE session = ?", [session.name])
        }
    }
}
