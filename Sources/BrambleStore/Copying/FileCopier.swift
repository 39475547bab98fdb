internal import BrambleModel

/// A file that was brought into the store.
struct CopiedFile: Sendable {
    /// Of the content, with blanks in place of the name numbered `FileCopier.ownName`.
    var digest: Digest
    let isExecutable: Bool
    let found: FoundNames
}

/// Copies files into a tree: reads, scans, hashes and writes in one pass. If names in a file are to
/// be replaced, the copy stays private and writable; otherwise it is finished and shared.
///
/// In a tree that is taken, files stay where they are if nobody else can change them any more: if they have no other
/// name, belong to us, and nobody has them open for writing. Others are copied, and the copies take their places.
struct FileCopier {
    let fileSystem: any FileSystem
    let blobs: BlobFolder
    /// nil if nothing is looked for.
    let scan: NameScan?
    /// The number of the name that counts as blank in digests.
    let ownName: Int?
    /// Of a tree that is taken, the user whose files these have to be; then source and target are the same.
    let owner: UInt32?

    let buffer = BlockBuffer()

    init(
        _ fileSystem: any FileSystem, blobs: BlobFolder, scan: NameScan? = nil,
        ownName: Int? = nil, owner: UInt32? = nil
    ) {
        self.fileSystem = fileSystem
        self.blobs = blobs
        self.scan = scan
        self.ownName = ownName
        self.owner = owner
    }

    /// Copies files of one directory.
    ///
    /// - Parameter files: A range that `FileBatch.ranges` has found.
    /// - Returns: In the order of the files.
    func copy(
        _ files: ArraySlice<WalkedTree.File>, from source: Descriptor, to target: Descriptor
    ) throws(StoreError) -> [CopiedFile] {
        // The batch has the buffer from its first file on, so the others come before it.
        var copies: [CopiedFile?] = []
        for file in files {
            if FileBatch.isSmall(file.status.sizeBytes) {
                copies.append(nil)
            } else {
                copies.append(try copy(file, from: source, to: target))
            }
        }
        let small = files.filter { FileBatch.isSmall($0.status.sizeBytes) }
        var smallCopies = try copy(small: small, from: source, to: target)[...]
        return copies.compactMap { $0 ?? smallCopies.popFirst() }
    }

    /// Takes one file block by block.
    private func copy(
        _ file: WalkedTree.File, from source: Descriptor, to target: Descriptor
    ) throws(StoreError) -> CopiedFile {
        let descriptor = try fileSystem.open(Place(source, file.name), .read)
        defer { fileSystem.close(descriptor) }
        var reader = BlockReader(fileSystem, descriptor, buffer)
        reader.scan = scan
        reader.expectedSizeBytes = file.status.sizeBytes
        return try claim(descriptor, file, in: source)
            ? keep(file, reader, in: source) : copy(file, reader, to: target)
    }

    private func copy(
        _ file: WalkedTree.File, _ reader: BlockReader, to target: Descriptor
    ) throws(StoreError) -> CopiedFile {
        var reader = reader
        let place = Place(target, file.name)
        var copy = FileInTheMaking(fileSystem: fileSystem, target: place)
        defer { copy.close() }
        var hasher = ContentHasher()
        var found = FoundNames()
        var isTaken = false
        try reader.forEachBlock { (block) throws(StoreError) in
            add(block.hits, at: block.offset, to: &found)
            let isWhole = block.offset == 0 && block.isLast
            if isWhole && found.isSettled {
                // Nothing is written if the store has the content already.
                hasher.update(UnsafeRawBufferPointer(block.bytes))
                let blob = Blob(digest: hasher.digest, isExecutable: file.status.isExecutable)
                isTaken = try blobs.take(blob, at: place)
                if !isTaken { try copy.write(block.bytes) }
            } else {
                try process(block, &hasher, &copy)
            }
        }
        let blob = Blob(digest: hasher.digest, isExecutable: file.status.isExecutable)
        if !isTaken {
            try copy.finishContent()
            if found.isSettled { try copy.share(blob, blobs) }
        }
        return CopiedFile(digest: blob.digest, isExecutable: blob.isExecutable, found: found)
    }

    func add(
        _ hits: [(offset: Int, name: Int)], at offset: Int, to found: inout FoundNames
    ) {
        for hit in hits {
            found.add(
                hit.name, at: offset + hit.offset,
                isReplaced: scan?.replaced.contains(hit.name) ?? false)
        }
    }

    /// Takes files that are read as a whole.
    private func copy(
        small files: [WalkedTree.File], from source: Descriptor, to target: Descriptor
    ) throws(StoreError) -> [CopiedFile] {
        var batch = FileBatch(fileSystem, buffer)
        var isOurs: [Bool] = []
        for file in files {
            let descriptor = try fileSystem.open(Place(source, file.name), .read)
            defer { fileSystem.close(descriptor) }
            isOurs.append(try claim(descriptor, file, in: source))
            try batch.read(descriptor, file.status.sizeBytes)
        }
        let contents = batch.bytes
        var found = [FoundNames](repeating: FoundNames(), count: files.count)
        if let scan {
            for (number, file) in files.enumerated() {
                let bytes = contents[number]
                let hits = scan.hits(in: UnsafeRawBufferPointer(bytes))
                add(hits, at: 0, to: &found[number])
                guard !found[number].isSettled else { continue }
                let place = Place(target, file.name)
                if isOurs[number] {
                    try keep(unsettled: place)
                } else {
                    try write(bytes, place)
                }
                blankOwnName(hits, in: bytes)
            }
        }
        let digests = batch.digests()
        var copies: [CopiedFile] = []
        for (number, file) in files.enumerated() {
            let blob = Blob(digest: digests[number], isExecutable: file.status.isExecutable)
            let place = Place(target, file.name)
            if found[number].isSettled {
                if isOurs[number] {
                    try keep(settled: place, blob)
                } else {
                    try share(contents[number], blob, place)
                }
            }
            copies.append(
                CopiedFile(
                    digest: blob.digest, isExecutable: blob.isExecutable, found: found[number]))
        }
        return copies
    }

    private func blankOwnName(
        _ hits: [(offset: Int, name: Int)], in bytes: UnsafeMutableRawBufferPointer
    ) {
        for hit in hits where hit.name == ownName {
            UnsafeMutableRawBufferPointer(rebasing: bytes[hit.offset...])
                .copyBytes(from: StoreName.blank)
        }
    }

    /// Writes a file that is not finished yet.
    private func write(
        _ bytes: UnsafeMutableRawBufferPointer, _ place: Place
    ) throws(StoreError) {
        var copy = FileInTheMaking(fileSystem: fileSystem, target: place)
        defer { copy.close() }
        try copy.write(bytes)
        try copy.finishContent()
    }

    /// Makes a file of a blob; nothing is written if the store has the content already.
    private func share(
        _ bytes: UnsafeMutableRawBufferPointer, _ blob: Blob, _ place: Place
    ) throws(StoreError) {
        if try blobs.take(blob, at: place) { return }
        var copy = FileInTheMaking(fileSystem: fileSystem, target: place)
        defer { copy.close() }
        try copy.write(bytes)
        try copy.finishContent()
        try copy.share(blob, blobs)
    }
}
