internal import BrambleModel
internal import Glibc

/// Removing what nobody needs, while others build.
///
/// What is removed is decided, and struck from the index, while this process has the index's write
/// lock: nobody adds, leases or roots anything meanwhile. That is done for some hundred objects at
/// a time; if the generation has changed in between, something may have begun to be needed, and it
/// is decided anew. Only what the index does not have is moved out of sight, so a failure at any
/// point loses nothing that is recorded. The files are removed at the end, without any lock, from a
/// folder that is only ours.
extension LocalStore {
    /// Removes objects, and contents, that no root and no open store needs.
    package func collectGarbage(
        _ policy: CollectionPolicy
    ) throws(StoreError) -> CollectionReport {
        var report = CollectionReport()
        do throws(StoreError) {
            if policy.isDryRun {
                let liveness = try index.readSnapshot("cannot read the index") { database in
                    try readLiveness(database)
                }
                report.objects = garbage(liveness, policy)
                report.freedBytes = report.objects.reduce(0) { $0 + $1.sizeBytes }
                return report
            }
            report.leftoverCount += try removeDeadSessions()
            try removeObjects(policy, &report)
            report.leftoverCount += try removeStrayObjects()
            try removeBlobs(policy, &report)
            try dropOldCache(policy)
            return report
        } catch {
            throw error.during("cannot collect garbage")
        }
    }

    private func garbage(
        _ liveness: LivenessGraph, _ policy: CollectionPolicy
    ) -> [StoredObject] {
        // With no time to keep anything for, what was used in this very second goes too.
        liveness.garbage(
            usedBefore: policy.keepSeconds == 0 ? .max : options.clock() - policy.keepSeconds,
            maximumSizeBytes: policy.maximumSizeBytes)
    }

    /// Objects that are taken out of sight under one lock.
    private static let batchSize = 500

    private func removeObjects(
        _ policy: CollectionPolicy, _ report: inout CollectionReport
    ) throws(StoreError) {
        let trash = session.newPlace()
        try fileSystem.makeDirectory(trash, permissions: 0o700)
        var pending: [StoredObject] = []
        var decidedAt: Int?
        repeat {
            let (batch, keys) = try index.write("cannot remove objects from the index") {
                database in
                let generation = try database.integer("SELECT number FROM generation") ?? 0
                if generation != decidedAt {
                    pending = garbage(try readLiveness(database), policy)
                    decidedAt = generation
                }
                let batch = Array(pending.prefix(LocalStore.batchSize))
                return (batch, try forget(batch.map(\.name), database))
            }
            // From here on they are strays: should this fail, the next collection finds them.
            try takeAway(batch.map(\.name), keys, to: trash)
            pending = Array(pending.dropFirst(batch.count))
            report.objects += batch
        } while !pending.isEmpty
        try emptyTrash(trash, report.objects.map(\.name))
    }

    /// Removes objects from the index, and the builds that have yielded them.
    ///
    /// - Returns: The keys of the builds.
    private func forget(_ names: [StoreName], _ database: Database) throws -> [String] {
        var keys: Set<String> = []
        for name in names {
            try database.run("DELETE FROM objects WHERE name = ?", [name.description])
            keys.formUnion(
                try database.texts(
                    "SELECT key FROM build_outputs WHERE object = ?", [name.description]))
        }
        for key in keys {
            try database.run("DELETE FROM builds WHERE key = ?", [key])
        }
        return keys.sorted()
    }

    /// Takes what is not in the index any more out of sight. It may have come back meanwhile: so
    /// the index is asked again, under the lock that whoever adds needs.
    private func takeAway(
        _ names: [StoreName], _ keys: [String], to trash: Place
    ) throws(StoreError) {
        try index.write("cannot look up what was removed") { database in
            for name in names where try ObjectRow.find(name, database) == nil {
                try moveAway(name, to: trash.appending(name.description))
            }
            let build = "SELECT 1 FROM builds WHERE key = ?"
            for key in keys where try database.integer(build, [key]) == nil {
                try fileSystem.removeTree(Place(folder.builds, key))
            }
        }
    }

    /// Takes what is at an object's place out of sight.
    ///
    /// - Returns: Whether there was something.
    @discardableResult
    func moveAway(_ name: StoreName, to target: Place) throws(StoreError) -> Bool {
        let place = Place(folder.objects, name.description)
        guard try fileSystem.status(at: place) != nil else { return false }
        do throws(StoreError) {
            try fileSystem.rename(place, to: target)
        } catch {
            guard error.errorNumber == EACCES else { throw error }
            // A directory that is not writable cannot be moved, except by root.
            try fileSystem.withDirectory(place) { (directory) throws(StoreError) in
                try fileSystem.setPermissions(directory, 0o700)
            }
            try fileSystem.rename(place, to: target)
        }
        return true
    }

    private func emptyTrash(_ trash: Place, _ names: [StoreName]) throws(StoreError) {
        try workers.forEach(
            names.count, makeState: {},
            { (number, _) throws(StoreError) in
                let place = trash.appending(names[number].description)
                try fileSystem.removeTree(place)
            })
        try fileSystem.removeTree(trash)
    }

    private func readLiveness(_ database: Database) throws -> LivenessGraph {
        var references: [Int: [StoreName]] = [:]
        let pairs = try database.all("SELECT referrer, reference FROM object_references") {
            (referrer: $0.integer(0), reference: try StoreName($0.text(1)))
        }
        for pair in pairs { references[pair.referrer, default: []].append(pair.reference) }
        var nodes: [StoreName: LivenessGraph.Node] = [:]
        let rows = try database.all(
            "SELECT \(ObjectRow.columns) FROM objects", [], ObjectRow.init)
        for known in rows {
            nodes[known.object.name] = LivenessGraph.Node(
                object: known.object, usedAt: known.usedAt, references: references[known.id] ?? [])
        }
        var pinned = try rootedObjects()
        for session in try database.texts("SELECT DISTINCT session FROM leases")
        where try isAlive(session) {
            let names = try database.texts(
                "SELECT object FROM leases WHERE session = ?", [session])
            for name in names { pinned.insert(try StoreName(name)) }
        }
        return LivenessGraph(nodes: nodes, pinned: pinned)
    }
}
