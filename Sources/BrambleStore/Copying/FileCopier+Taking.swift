internal import BrambleModel

/// Files of a tree that is taken: they become the store's where they are.
extension FileCopier {
    /// Of a tree that is taken: makes a file one that nobody else can change, or, if it cannot be, makes room for a
    /// copy of it, which can still be read.
    ///
    /// - Parameter descriptor: The file, open for reading.
    /// - Returns: Whether the file can stay; false for trees that are copied.
    func claim(
        _ descriptor: Descriptor, _ file: WalkedTree.File, in folder: Descriptor
    ) throws(StoreError) -> Bool {
        guard let owner else { return false }
        if try canStay(descriptor, file, owner) { return true }
        try fileSystem.removeFile(Place(folder, file.name))
        return false
    }

    private func canStay(
        _ descriptor: Descriptor, _ file: WalkedTree.File, _ owner: UInt32
    ) throws(StoreError) -> Bool {
        guard file.status.owner == owner, file.status.linkCount == 1 else { return false }
        // In this order: from now on nobody else can open it for writing, and who has it open is found.
        try fileSystem.setPermissions(
            descriptor, Blob.permissions(isExecutable: file.status.isExecutable))
        guard !fileSystem.hasWriters(descriptor) else { return false }
        // It may have been written to since it was looked at.
        let status = try fileSystem.status(of: descriptor)
        return status.sizeBytes == file.status.sizeBytes && status.linkCount == 1
    }

    /// Takes a file that is read block by block.
    func keep(
        _ file: WalkedTree.File, _ reader: BlockReader, in folder: Descriptor
    ) throws(StoreError) -> CopiedFile {
        var reader = reader
        var hasher = ContentHasher()
        var found = FoundNames()
        try reader.forEachBlock { (block) throws(StoreError) in
            add(block.hits, at: block.offset, to: &found)
            FileCopier.hash(block, blanking: ownName, into: &hasher)
        }
        let blob = Blob(digest: hasher.digest, isExecutable: file.status.isExecutable)
        let place = Place(folder, file.name)
        if found.isSettled {
            try keep(settled: place, blob)
        } else {
            try keep(unsettled: place)
        }
        return CopiedFile(digest: blob.digest, isExecutable: blob.isExecutable, found: found)
    }

    /// Takes a file that is as it will be, and shares it.
    func keep(settled place: Place, _ blob: Blob) throws(StoreError) {
        try fileSystem.setTimes(place, seconds: StoreTime.seconds)
        try blobs.give(blob, place)
    }

    /// Takes a file in which names will be replaced.
    func keep(unsettled place: Place) throws(StoreError) {
        try fileSystem.setPermissions(place, 0o600)
    }
}
