internal import BrambleModel

/// Files of a tree that is taken: they become the store's where they are.
extension FileCopier {
    /// Makes a file one that nobody else can change, if it can stay.
    ///
    /// - Parameter descriptor: The file, open for reading.
    func claim(
        _ descriptor: Descriptor, _ file: WalkedTree.File
    ) throws(StoreError) -> Bool {
        guard let owner, file.status.owner == owner, file.status.linkCount == 1 else {
            return false
        }
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
