package import BrambleModel
internal import Glibc
internal import Synchronization

extension LocalStore {
    /// Takes the outputs of a build over: scans them, gives them their names, and stores them, all
    /// or none.
    ///
    /// - Parameter facts: If the build is to be found again by its key.
    /// - Returns: In the order of the outputs' names.
    /// - Throws: `cycle`, `unsupported`; failures of system calls and of the index.
    package func register(
        _ request: OutputsToRegister, facts: BuildRecord.Facts? = nil
    ) throws(StoreError) -> [BuiltOutput] {
        let operation = "cannot register the outputs of `\(request.derivation)`"
        do throws(StoreError) {
            let registration = Registration(self, request)
            let drafts = try registration.drafts()
            let outputs = zip(registration.outputs, drafts).map { output, draft in
                BuiltOutput(output: output, name: draft.name, tree: draft.tree.root)
            }
            let record = facts.map { BuildRecord($0, outputs: outputs) }
            _ = try publish(drafts, operation) { database in
                if let record { try insert(record, database) }
            }
            for draft in drafts { try fileSystem.removeTree(draft.place) }
            return outputs
        } catch {
            throw error.during(operation)
        }
    }

    /// Records a build whose outputs are in the store already, such as one of another machine.
    ///
    /// - Throws: `notFound` if an output is not there.
    package func recordBuild(_ record: BuildRecord) throws(StoreError) {
        let operation = "cannot record the build `\(record.facts.key)`"
        for output in record.outputs where try findObject(output.name) == nil {
            throw LocalStore.missing(output.name).during(operation)
        }
        try index.write(operation) { database in
            try insert(record, database)
            try lease(record.outputs.map(\.name), database)
            try bumpGeneration(database)
        }
    }

    /// The build of a key, if all that it has yielded is there, with all that this refers to.
    package func findBuild(_ key: BuildKey) throws(StoreError) -> BuildRecord? {
        let found = try index.read("cannot look up the build `\(key)`") { database in
            try database.first("SELECT record FROM builds WHERE key = ?", [key.description]) {
                // While that statement stands at its row, others see the same, and take no lock:
                // this is asked for each derivation of a graph.
                let record = try BuildRecord(json: $0.bytes(0))
                return (record, try soundUses(of: record.outputs.map(\.name), database))
            }
        }
        guard let (record, uses) = found else { return nil }
        return try isUsable(record.outputs.map(\.name), uses) ? record : nil
    }

    /// Whether objects are there, with all that they refer to. Those that may not have reached the
    /// disk before the machine was last started are verified first.
    package func areWhole(_ names: [StoreName]) throws(StoreError) -> Bool {
        let uses = try index.readSnapshot("cannot look up objects") { database in
            try soundUses(of: names, database)
        }
        return try isUsable(names, uses)
    }

    /// - Parameter uses: As `soundUses` has found them.
    private func isUsable(
        _ names: [StoreName], _ uses: [ObjectRow.Use]?
    ) throws(StoreError) -> Bool {
        if let uses {
            note(uses)
            return true
        }
        guard try areWholeAtALook(names) else { return false }
        note(
            try index.read("cannot look up objects") { database in
                try names.compactMap { try ObjectRow.find($0, database)?.use }
            })
        return true
    }

    /// When objects were used, if they can be relied on without a look at them or at what they
    /// refer to. That they can't says nothing.
    private func soundUses(
        of names: [StoreName], _ database: Database
    ) throws -> [ObjectRow.Use]? {
        var uses: [ObjectRow.Use] = []
        uses.reserveCapacity(names.count)
        for name in names {
            guard let use = try ObjectRow.useIfSound(name, boot: options.bootID, database)
            else { return nil }
            uses.append(use)
        }
        return try hasSuspects(database) ? nil : uses
    }

    /// Whether there is an object that may not be what it was.
    ///
    /// To see that none is left from an earlier start of the machine takes a look at each that is not durable. No more
    /// of them come while the machine runs, so it is looked for until there are none.
    private func hasSuspects(_ database: Database) throws -> Bool {
        let damaged = try database.integer(
            "SELECT EXISTS (SELECT 1 FROM objects WHERE state <> 1 AND state = 2)", [])
        if damaged != 0 { return true }
        if hasNoOldObjects.load(ordering: .relaxed) { return false }
        let old = try database.integer(
            "SELECT EXISTS (SELECT 1 FROM objects WHERE state <> 1 AND boot <> ?)",
            [options.bootID])
        if old != 0 { return true }
        hasNoOldObjects.store(true, ordering: .relaxed)
        return false
    }

    /// How exactly it is known when an object was last used: a look-up should not write.
    private static let useStepSeconds = 86_400

    /// Has collections know that builds rely on objects.
    private func note(_ uses: [ObjectRow.Use]) {
        let now = options.clock()
        let stale = uses.filter { $0.usedAt <= now - LocalStore.useStepSeconds }
        guard !stale.isEmpty else { return }
        // A use that cannot be noted makes objects seem older than they are; a look-up does not fail
        // for that.
        try? index.write("cannot note a use") { database in
            for use in stale { try touch(use.id, database, now) }
        }
    }

    private func areWholeAtALook(_ names: [StoreName]) throws(StoreError) -> Bool {
        let graph = try index.readSnapshot("cannot look up a closure") { database in
            try ReferenceGraph(from: names, database)
        }
        guard graph.missing.isEmpty else { return false }
        for name in graph.ordered(from: names) where try findObject(name) == nil { return false }
        return true
    }

    /// All builds, in the order of their keys.
    package func builds() throws(StoreError) -> [BuildRecord] {
        let records = try index.read("cannot list the builds") { database in
            try database.all("SELECT record FROM builds ORDER BY key") { $0.bytes(0) }
        }
        var builds: [BuildRecord] = []
        for record in records { builds.append(try BuildRecord(json: record)) }
        return builds
    }

    func insert(_ record: BuildRecord, _ database: Database) throws {
        let key = record.facts.key.description
        let json = record.json
        // The file is the record; the row finds it quickly.
        try fileSystem.replaceFile(
            Place(folder.builds, key), with: json, draft: session.newPlace())
        try insertRow(record, json, database)
    }

    func insertRow(_ record: BuildRecord, _ json: [UInt8], _ database: Database) throws {
        let key = record.facts.key.description
        try database.run("DELETE FROM builds WHERE key = ?", [key])
        try database.run("INSERT INTO builds (key, record) VALUES (?, ?)", [key, json])
        for name in Set(record.outputs.map(\.name)).sorted() {
            try database.run(
                "INSERT INTO build_outputs (key, object) VALUES (?, ?)", [key, name.description])
        }
    }
}
