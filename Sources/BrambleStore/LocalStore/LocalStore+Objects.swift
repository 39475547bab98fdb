package import BrambleModel

extension LocalStore {
    /// Looks an object up. One that was added before the machine was last started, and may not have
    /// reached the disk, is verified first, which reads all of it.
    ///
    /// - Returns: nil if the store does not have it, or has only ruins of it.
    package func findObject(_ name: StoreName) throws(StoreError) -> StoredObject? {
        let row = try index.read("cannot look up `\(name)`") { database in
            try ObjectRow.find(name, database)
        }
        guard let row else { return nil }
        if row.isSound(boot: options.bootID) { return row.object }
        guard row.state == .fresh else { return nil }
        let isWhole = try damages(of: name).isEmpty
        try setState(isWhole ? .durable : .damaged, of: [name])
        return isWhole ? row.object : nil
    }

    /// The object that a tree without references is stored as: sources, what was fetched.
    package func findObject(tree: Digest) throws(StoreError) -> StoredObject? {
        try findObject(StoreName(tree: tree))
    }

    /// All objects, in the order of their names, without damaged ones.
    package func objects() throws(StoreError) -> [StoredObject] {
        try index.read("cannot list the objects") { database in
            try database.all(
                "SELECT \(ObjectRow.columns) FROM objects WHERE state <> ? ORDER BY name",
                [ObjectState.damaged.rawValue]
            ) { try ObjectRow($0).object }
        }
    }

    /// What all objects have together, as if they shared nothing.
    package func objectsSizeBytes() throws(StoreError) -> Int {
        try index.read("cannot add up the objects") { database in
            try database.integer("SELECT sum(size) FROM objects") ?? 0
        }
    }

    /// The names of objects that begin with a text, damaged ones among them: sorted, at most so many.
    package func objectNames(
        beginningWith start: String, limit: Int
    ) throws(StoreError) -> [StoreName] {
        try index.read("cannot look up `\(start)`") { database in
            // `~` comes behind every character of a name.
            try database.all(
                "SELECT name FROM objects WHERE name BETWEEN ?1 AND ?1 || '~' ORDER BY name LIMIT ?2",
                [start, limit]
            ) { try StoreName($0.text(0)) }
        }
    }

    /// What is in an object, by digests.
    ///
    /// - Throws: `notFound` if the store does not have it.
    package func readTree(of name: StoreName) throws(StoreError) -> Tree {
        let message = try index.read("cannot look up `\(name)`") { database in
            try database.first(
                "SELECT message FROM trees WHERE object = (SELECT id FROM objects WHERE name = ?)",
                [name.description]
            ) { $0.bytes(0) }
        }
        guard let message else { throw LocalStore.missing(name) }
        return try Tree(decoding: message)
    }

    /// The objects that one refers to, without itself: sorted.
    package func findReferences(of name: StoreName) throws(StoreError) -> [StoreName] {
        try names(
            """
            SELECT reference FROM object_references
            WHERE referrer = (SELECT id FROM objects WHERE name = ?) ORDER BY reference
            """, name)
    }

    /// The objects that refer to one: sorted.
    package func referrers(of name: StoreName) throws(StoreError) -> [StoreName] {
        try names(
            """
            SELECT name FROM object_references JOIN objects ON id = referrer
            WHERE reference = ? ORDER BY name
            """, name)
    }

    private func names(_ query: String, _ name: StoreName) throws(StoreError) -> [StoreName] {
        try index.read("cannot look up `\(name)`") { database in
            try database.all(query, [name.description]) { try StoreName($0.text(0)) }
        }
    }

    /// Objects with all that they refer to, directly or not: each once, behind what it refers to.
    ///
    /// - Throws: `notFound` if something of it is not in the store.
    package func findClosure(of names: [StoreName]) throws(StoreError) -> [StoreName] {
        let references = try index.readSnapshot("cannot look up a closure") { database in
            try ReferenceGraph(from: names, database)
        }
        if let name = references.missing.first { throw LocalStore.missing(name) }
        return references.ordered(from: names)
    }

    static func missing(_ name: StoreName) -> StoreError {
        StoreError(.notFound, "the store does not have `\(name)`")
    }

    func setState(_ state: ObjectState, of names: [StoreName]) throws(StoreError) {
        try index.write("cannot record the state of objects") { database in
            for name in names {
                try database.run(
                    "UPDATE objects SET state = ? WHERE name = ?",
                    [state.rawValue, name.description])
            }
        }
    }
}
