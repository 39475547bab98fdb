internal import BrambleModel

extension LocalStore {
    /// Makes an object of a tree whose files are blobs of the store already, such as one that a
    /// remote cache has sent. It refers to nothing.
    ///
    /// - Throws: `notFound` if a blob is missing; `corrupt` if one is not what it should be.
    package func addTree(_ tree: Tree) throws(StoreError) -> StoredObject {
        let name = StoreName(tree: tree.root)
        return try addTree(tree, claimedName: name, references: [])
    }

    /// Makes an object of a tree that says which name it has; that is checked, as every bit of it
    /// is.
    func addTree(
        _ tree: Tree, claimedName name: StoreName, references: [StoreName]
    ) throws(StoreError) -> StoredObject {
        let operation = "cannot add the object `\(name)`"
        let place = session.newPlace()
        do throws(StoreError) {
            try assemble(tree, at: place)
            let check = ObjectCheck(self, name, tree, at: place)
            if let damage = try check.damages().first {
                throw StoreError(.corrupt, damage.message)
            }
            return try publishOne(
                Draft(place: place, name: name, tree: tree, references: references), operation)
        } catch {
            // As in `addBlob`.
            try? fileSystem.removeTree(place)
            throw error.during(operation)
        }
    }

    /// Makes a tree from blobs.
    func assemble(_ tree: Tree, at root: Place) throws(StoreError) {
        var folders: [(path: String, directory: Directory)] = []
        tree.forEachDirectory { folders.append(($0, $1)) }
        for (path, _) in folders {
            try fileSystem.makeDirectory(root.appending(path), permissions: 0o700)
        }
        for (path, directory) in folders.reversed() {
            try fileSystem.withDirectory(root.appending(path)) { (descriptor) throws(StoreError) in
                for file in directory.files { try place(file, in: descriptor) }
                for symlink in directory.symlinks {
                    let link = Place(descriptor, symlink.name)
                    try fileSystem.makeSymlink(to: symlink.target, at: link)
                    try fileSystem.setTimes(link, seconds: StoreTime.seconds)
                }
                // The root is sealed when it has been moved.
                guard !path.isEmpty else { return }
                try fileSystem.setPermissions(descriptor, StoreMode.directory)
                try fileSystem.setTimes(descriptor, seconds: StoreTime.seconds)
            }
        }
    }

    private func place(
        _ file: Directory.File, in descriptor: Descriptor
    ) throws(StoreError) {
        let target = Place(descriptor, file.name)
        let blob = Blob(digest: file.digest, isExecutable: file.isExecutable)
        if try blobFolder.take(blob, at: target) { return }
        // The content may be there as the other kind of file.
        let twin = Blob(digest: file.digest, isExecutable: !file.isExecutable)
        let source: Descriptor
        do throws(StoreError) {
            source = try fileSystem.open(blobFolder.place(of: twin), .read)
        } catch {
            throw StoreError(.notFound, "the store does not have the blob `\(file.digest)`")
        }
        defer { fileSystem.close(source) }
        var copy = FileInTheMaking(fileSystem: fileSystem, target: target)
        defer { copy.close() }
        var reader = BlockReader(fileSystem, source, BlockBuffer())
        try reader.forEachBlock { (block) throws(StoreError) in try copy.write(block.bytes) }
        try copy.finishContent()
        try copy.share(blob, blobFolder)
    }
}
