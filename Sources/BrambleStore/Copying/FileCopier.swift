internal import BrambleModel
internal import Glibc

/// A file that was brought into the store.
struct CopiedFile: Sendable {
    /// Of the content, with blanks in place of the name numbered `FileCopier.ownName`.
    var digest: Digest
    let isExecutable: Bool
    let found: FoundNames
}

/// Copies one file after the other into a tree: reads, scans, hashes and writes in one pass.
struct FileCopier {
    let fileSystem: any FileSystem
    let blobs: BlobFolder
    /// nil if nothing is looked for.
    let scan: NameScan?
    /// The number of the name that counts as blank in digests.
    let ownName: Int?

    private let buffer = BlockBuffer()

    init(
        _ fileSystem: any FileSystem, blobs: BlobFolder, scan: NameScan? = nil, ownName: Int? = nil
    ) {
        self.fileSystem = fileSystem
        self.blobs = blobs
        self.scan = scan
        self.ownName = ownName
    }

    /// Copies a file. If names in it are to be replaced, the copy stays private and writable;
    /// otherwise it is finished and shared.
    func copy(
        _ source: Place, _ status: FileStatus, to target: Place
    ) throws(StoreError) -> CopiedFile {
        let descriptor = try fileSystem.open(source, .read)
        defer { fileSystem.close(descriptor) }
        var reader = BlockReader(fileSystem, descriptor, buffer)
        reader.scan = scan
        reader.expectedSizeBytes = status.sizeBytes
        var copy = FileInTheMaking(fileSystem: fileSystem, target: target)
        defer { copy.close() }
        var hasher = ContentHasher()
        var found = FoundNames()
        var isWritten = false
        try reader.forEachBlock { (block) throws(StoreError) in
            for hit in block.hits {
                found.add(
                    hit.name, at: block.offset + hit.offset,
                    isReplaced: scan?.replaced.contains(hit.name) ?? false)
            }
            let isWhole = block.offset == 0 && block.isLast
            if isWhole && found.isSettled {
                // Nothing is written if the store has the content already.
                hasher.update(UnsafeRawBufferPointer(block.bytes))
                let blob = Blob(digest: hasher.digest, isExecutable: status.isExecutable)
                if try blobs.take(blob, at: target) {
                    isWritten = true
                } else {
                    try copy.write(block.bytes)
                }
                return
            }
            try copy.write(block.bytes)
            blankOwnName(block)
            hasher.update(UnsafeRawBufferPointer(block.bytes))
        }
        let blob = Blob(digest: hasher.digest, isExecutable: status.isExecutable)
        if !isWritten {
            try copy.finishContent()
            if found.isSettled { try copy.share(blob, blobs) }
        }
        return CopiedFile(digest: blob.digest, isExecutable: blob.isExecutable, found: found)
    }

    private func blankOwnName(_ block: BlockReader.Block) {
        guard let ownName else { return }
        for hit in block.hits where hit.name == ownName {
            UnsafeMutableRawBufferPointer(rebasing: block.bytes[hit.offset...])
                .copyBytes(from: StoreName.blank)
        }
    }

    /// The digest of a file as it is.
    func digest(of descriptor: Descriptor) throws(StoreError) -> Digest {
        var hasher = ContentHasher()
        var reader = BlockReader(fileSystem, descriptor, buffer)
        try reader.forEachBlock { (block) throws(StoreError) in
            hasher.update(UnsafeRawBufferPointer(block.bytes))
        }
        return hasher.digest
    }
}
