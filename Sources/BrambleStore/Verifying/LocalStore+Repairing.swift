package import BrambleModel

/// What became of an object that was not as it should be.
package struct RepairOutcome: Hashable, Sendable {
    package enum Action: String, Hashable, Sendable {
        /// It is whole again.
        case healed
        /// It is marked as damaged; the next build that needs it makes it again.
        case willBeRebuilt
        /// It is marked as damaged; whoever has its files must add them again.
        case mustBeAddedAgain
    }

    package let object: StoreName
    package let action: Action
}

extension LocalStore {
    /// What is wrong with the objects of the store, all of them or some: every bit is read.
    ///
    /// - Parameter progress: Called before each object.
    package func verify(
        _ names: [StoreName]? = nil, progress: (StoreName) -> Void = { _ in }
    ) throws(StoreError) -> [Damage] {
        var damages: [Damage] = []
        let chosen: [StoreName]
        if let names { chosen = names } else { chosen = try knownNames() }
        for name in chosen {
            progress(name)
            damages += try self.damages(of: name)
        }
        return damages
    }

    /// All objects of the index, damaged ones too.
    private func knownNames() throws(StoreError) -> [StoreName] {
        try index.read("cannot list the objects") { database in
            try database.texts("SELECT name FROM objects ORDER BY name")
                .map { try StoreName($0) }
        }
    }

    /// Makes damaged objects whole, from contents that other objects have, or marks them as
    /// damaged, so that they are built or added again.
    package func repair(_ damages: [Damage]) throws(StoreError) -> [RepairOutcome] {
        let broken = damages.filter { $0.kind != .reference }
        var outcomes: [RepairOutcome] = []
        for name in Set(broken.map(\.object)).sorted() {
            let action: RepairOutcome.Action =
                try heal(name, broken.filter { $0.object == name })
                ? .healed : isBuilt(name) ? .willBeRebuilt : .mustBeAddedAgain
            outcomes.append(RepairOutcome(object: name, action: action))
        }
        return outcomes
    }

    private func isBuilt(_ name: StoreName) throws(StoreError) -> Bool {
        try index.read("cannot look up `\(name)`") { database in
            try database.integer(
                "SELECT EXISTS (SELECT 1 FROM build_outputs WHERE object = ?)",
                [name.description]) == 1
        }
    }

    private func heal(_ name: StoreName, _ damages: [Damage]) throws(StoreError) -> Bool {
        let tree = try readTree(of: name)
        let references = try findReferences(of: name)
        // What others see until this succeeds is an object that cannot be relied on.
        try setState(.damaged, of: [name])
        try mendBlobs(of: tree, Set(damages.map { Array($0.path.utf8) }))
        let place = session.newPlace()
        defer { try? fileSystem.removeTree(place) }
        do throws(StoreError) {
            try rescue(tree, of: name)
            try assemble(tree, at: place)
            guard try ObjectCheck(self, name, tree, at: place).damages().isEmpty else {
                return false
            }
            _ = try publish(
                [Draft(place: place, name: name, tree: tree, references: references)],
                "cannot repair `\(name)`")
            return true
        } catch {
            guard error.code == .notFound else { throw error }
            return false
        }
    }

    /// Puts the blobs of a tree right. Contents that are not what they should be must not be shared
    /// any more; modes and times can be set again.
    private func mendBlobs(of tree: Tree, _ spoiled: Set<[UInt8]>) throws(StoreError) {
        try tree.forEachDirectory { (path, directory) throws(StoreError) in
            for file in directory.files {
                let isSpoiled = spoiled.contains(Array(joined(path, file.name).utf8))
                for isExecutable in [false, true] {
                    let blob = Blob(digest: file.digest, isExecutable: isExecutable)
                    let place = blobFolder.place(of: blob)
                    guard let status = try fileSystem.status(at: place),
                        isSpoiled || !blob.matches(status)
                    else { continue }
                    if try digest(of: place) == blob.digest {
                        try setAttributes(of: place, blob)
                    } else {
                        try fileSystem.removeFile(place)
                    }
                }
            }
        }
    }

    private func setAttributes(of place: Place, _ blob: Blob) throws(StoreError) {
        let descriptor = try fileSystem.open(place, .read)
        defer { fileSystem.close(descriptor) }
        try fileSystem.setPermissions(descriptor, blob.permissions)
        try fileSystem.setTimes(descriptor, seconds: StoreTime.seconds)
    }

    /// Puts the sound files of an object among the blobs, where there are none of these contents.
    private func rescue(_ tree: Tree, of name: StoreName) throws(StoreError) {
        let root = Place(folder.objects, name.description)
        try tree.forEachDirectory { (path, directory) throws(StoreError) in
            for file in directory.files {
                let blob = Blob(digest: file.digest, isExecutable: file.isExecutable)
                guard try fileSystem.status(at: blobFolder.place(of: blob)) == nil else {
                    continue
                }
                let place = root.appending(joined(path, file.name))
                guard let status = try statusIfAny(place), status.kind == .regular,
                    try digest(of: place) == file.digest
                else { continue }
                try setAttributes(of: place, blob)
                try blobFolder.give(blob, place)
            }
        }
    }

    /// A damaged object may have a file in place of a directory, or a directory that cannot be
    /// entered.
    private func statusIfAny(_ place: Place) throws(StoreError) -> FileStatus? {
        do throws(StoreError) {
            return try fileSystem.status(at: place)
        } catch {
            if error.code == .system { return nil }
            throw error
        }
    }

    private func digest(of place: Place) throws(StoreError) -> Digest {
        let descriptor = try fileSystem.open(place, .read)
        defer { fileSystem.close(descriptor) }
        return try FileCopier(fileSystem, blobs: blobFolder).digest(of: descriptor)
    }
}
