internal import BrambleModel

extension LocalStore {
    /// Moves objects to where everybody sees them, and records them: all or none.
    ///
    /// It happens while this process has the index's write lock, so no other process adds or
    /// collects meanwhile. What a killed process has moved and not recorded, is not known to
    /// anybody: the next one that adds the object puts its own in the place, and a collection
    /// removes it.
    ///
    /// - Parameter record: What else is to be recorded with them.
    func publish(
        _ drafts: [Draft], _ operation: String,
        record: (Database) throws -> Void = { _ in }
    ) throws(StoreError) -> [StoredObject] {
        let now = options.clock()
        let rows = drafts.map { (draft: $0, message: $0.tree.encoded) }
        try index.write(operation) { database in
            for row in rows {
                if let known = try ObjectRow.find(row.draft.name, database) {
                    if known.isSound(boot: options.bootID), try isOnDisk(row.draft.name) {
                        try touch(known.id, database, now)
                        try lease([row.draft.name], database)
                        continue
                    }
                    try database.run("DELETE FROM objects WHERE id = ?", [known.id])
                }
                try move(row.draft)
                try insert(row.draft, row.message, database, now)
                try lease([row.draft.name], database)
            }
            try record(database)
            try bumpGeneration(database)
        }
        return drafts.map(\.object)
    }

    private func isOnDisk(_ name: StoreName) throws(StoreError) -> Bool {
        try fileSystem.status(at: Place(folder.objects, name.description)) != nil
    }

    private func move(_ draft: Draft) throws(StoreError) {
        let target = Place(folder.objects, draft.name.description)
        // What is there is not recorded, or damaged.
        try moveAway(draft.name, to: session.newPlace())
        try fileSystem.rename(draft.place, to: target)
        try seal(target)
    }

    /// Makes the root of an object as directories of the store are.
    func seal(_ target: Place) throws(StoreError) {
        try fileSystem.withDirectory(target) { (directory) throws(StoreError) in
            try fileSystem.setPermissions(directory, StoreMode.directory)
            try fileSystem.setTimes(directory, seconds: StoreTime.seconds)
        }
    }

    func insert(
        _ draft: Draft, _ message: [UInt8], _ database: Database, _ now: Int
    ) throws {
        let object = draft.object
        try database.run(
            """
            INSERT INTO objects (name, tree, size, state, boot, added_at, used_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                object.name.description, object.tree.description, object.sizeBytes,
                ObjectState.fresh.rawValue, options.bootID, now, now,
            ])
        let id = database.lastRow
        try database.run("INSERT INTO trees (object, message) VALUES (?, ?)", [id, message])
        for reference in draft.references {
            try database.run(
                "INSERT INTO object_references (referrer, reference) VALUES (?, ?)",
                [id, reference.description])
        }
    }

    func touch(_ id: Int, _ database: Database, _ now: Int) throws {
        // At most once a minute: a use is no reason to write.
        try database.run(
            "UPDATE objects SET used_at = ?1 WHERE id = ?2 AND used_at < ?1 - 60", [now, id])
    }

    func bumpGeneration(_ database: Database) throws {
        try database.run("UPDATE generation SET number = number + 1")
    }
}
