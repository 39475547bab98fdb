internal import BrambleModel
internal import Glibc

/// What killed processes leave behind, and contents that no object has any more.
extension LocalStore {
    /// Whether the process that a session is of still has it open.
    func isAlive(_ sessionName: String) throws(StoreError) -> Bool {
        if sessionName == session.name { return true }
        guard let lock = try deadSession(sessionName) else {
            return try fileSystem.status(at: Place(folder.temporary, sessionName)) != nil
        }
        fileSystem.close(lock)
        return false
    }

    /// Locks the folder of a session.
    ///
    /// - Returns: nil if its owner has the lock, or if there is no such folder.
    private func deadSession(_ name: String) throws(StoreError) -> Descriptor? {
        let descriptor: Descriptor
        do throws(StoreError) {
            descriptor = try fileSystem.open(Place(folder.temporary, name), .directory)
        } catch {
            if error.errorNumber == ENOENT { return nil }
            throw error
        }
        do throws(StoreError) {
            if try fileSystem.lock(descriptor) { return descriptor }
        } catch {
            fileSystem.close(descriptor)
            throw error
        }
        fileSystem.close(descriptor)
        return nil
    }

    /// - Returns: How many there were.
    func removeDeadSessions() throws(StoreError) -> Int {
        var count = 0
        for bytes in try fileSystem.names(in: folder.temporary) {
            let name = String(decoding: bytes, as: UTF8.self)
            guard name != session.name, let lock = try deadSession(name) else { continue }
            defer { fileSystem.close(lock) }
            try fileSystem.removeTree(Place(folder.temporary, name))
            count += 1
        }
        try index.write("cannot end leases") { database in
            for session in try database.texts("SELECT DISTINCT session FROM leases")
            where try !isAlive(session) {
                try database.run("DELETE FROM leases WHERE session = ?", [session])
            }
        }
        return count
    }

    /// Removes what is among the objects and not in the index: moved there by a process that was
    /// killed before it had recorded it.
    func removeStrayObjects() throws(StoreError) -> Int {
        let found = try fileSystem.names(in: folder.objects)
        let known = try index.read("cannot list the objects") { database in
            Set(try database.texts("SELECT name FROM objects"))
        }
        var trash: [Place] = []
        for bytes in found {
            let text = String(decoding: bytes, as: UTF8.self)
            // What has another kind of name is nobody's object, and not ours to remove.
            guard !known.contains(text), let name = try? StoreName(text) else { continue }
            let target = session.newPlace()
            let isTaken = try index.write("cannot look up `\(name)`") { database in
                // Whoever publishes holds the lock from the move to the record.
                guard try ObjectRow.find(name, database) == nil else { return false }
                return try moveAway(name, to: target)
            }
            if isTaken { trash.append(target) }
        }
        for place in trash { try fileSystem.removeTree(place) }
        return trash.count
    }

    /// Removes contents that have no other link, unless they were put in for themselves and are
    /// wanted.
    func removeBlobs(
        _ policy: CollectionPolicy, _ report: inout CollectionReport
    ) throws(StoreError) {
        let oldest = options.clock() - policy.keepSeconds
        let single = try index.write("cannot read the index") { database in
            try database.run("DELETE FROM blobs WHERE used_at < ?", [oldest])
            return try database.texts("SELECT digest FROM blobs")
        }
        let ofBuilds = try builds().flatMap { [$0.facts.log, $0.facts.resolvedDerivation] }
        let kept = Set(
            single.map { String($0.prefix(Blob.digitCount)) }
                + ofBuilds.compactMap { $0?.hash.hex })
        let removed = try workers.map(
            256, makeState: {},
            { (number, _) throws(StoreError) in
                try removeBlobs(in: Blob.folderName(number), keeping: kept)
            })
        report.blobCount += removed.reduce(0) { $0 + $1.count }
        report.freedBytes += removed.reduce(0) { $0 + $1.bytes }
    }

    private func removeBlobs(
        in name: String, keeping kept: Set<String>
    ) throws(StoreError) -> (count: Int, bytes: Int) {
        try fileSystem.withDirectory(Place(folder.blobs, name)) { (directory) throws(StoreError) in
            var count = 0
            var size = 0
            for bytes in try fileSystem.names(in: directory) {
                let name = String(decoding: bytes, as: UTF8.self)
                let place = Place(directory, name)
                guard let status = try fileSystem.status(at: place), status.linkCount == 1,
                    !kept.contains(String(name.prefix(Blob.digitCount)))
                else { continue }
                // Somebody may link it just now: then its bytes stay, and are merely not shared
                // further.
                try fileSystem.removeFile(place)
                count += 1
                size += status.sizeBytes
            }
            return (count, size)
        }
    }

    func dropOldCache(_ policy: CollectionPolicy) throws(StoreError) {
        let oldest = options.clock() - policy.keepSeconds
        try index.write("cannot drop what is cached") { database in
            try database.run("DELETE FROM cache WHERE used_at < ?", [oldest])
        }
    }
}
