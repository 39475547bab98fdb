internal import BrambleModel

/// Finds the digests of walked files: from the cache, or by reading them.
struct SourceReading {
    /// A file that the cache does not know.
    struct Unknown: Sendable {
        let folder: Int
        let file: Int
    }

    private let walked: WalkedTree
    /// For each file of each folder; nil until it is known.
    private var digests: [[Digest?]]
    /// Of folders of which everything was known: their records.
    private let records: [[UInt8]?]
    let unknown: [Unknown]

    init(_ walked: WalkedTree, _ cache: StatCache) {
        self.walked = walked
        let known = walked.folders.map { cache.find($0) }
        digests = known.map(\.digests)
        records = known.map(\.records)
        unknown = digests.enumerated().flatMap { folder, digests in
            digests.indices.filter { digests[$0] == nil }.map { Unknown(folder: folder, file: $0) }
        }
    }

    /// Reads what is not known, on all cores.
    mutating func read(
        _ fileSystem: any FileSystem, _ workers: Workers, _ place: Place
    ) throws(StoreError) {
        let files = unknown.map { unknown in
            let folder = walked.folders[unknown.folder]
            let file = folder.files[unknown.file]
            return (path: joined(folder.path, file.name), sizeBytes: file.status.sizeBytes)
        }
        let ranges = FileBatch.ranges(files.map(\.sizeBytes))
        let found = try workers.map(
            ranges.count, makeState: { BlockBuffer() },
            { (number, buffer) throws(StoreError) in
                try SourceReading.digests(files[ranges[number]], place, fileSystem, buffer)
            })
        for (file, digest) in zip(unknown, found.joined()) {
            digests[file.folder][file.file] = digest
        }
    }

    private static func digests(
        _ files: ArraySlice<(path: String, sizeBytes: Int)>, _ place: Place,
        _ fileSystem: any FileSystem, _ buffer: BlockBuffer
    ) throws(StoreError) -> [Digest] {
        // The batch has the buffer from its first file on, so the others come before it.
        var digests: [Digest?] = []
        for file in files {
            if FileBatch.isSmall(file.sizeBytes) {
                digests.append(nil)
                continue
            }
            let descriptor = try fileSystem.open(place.appending(file.path), .read)
            defer { fileSystem.close(descriptor) }
            digests.append(try digest(fileSystem, descriptor, buffer))
        }
        var batch = FileBatch(fileSystem, buffer)
        for file in files where FileBatch.isSmall(file.sizeBytes) {
            let descriptor = try fileSystem.open(place.appending(file.path), .read)
            defer { fileSystem.close(descriptor) }
            try batch.read(descriptor, file.sizeBytes)
        }
        var others = batch.digests()[...]
        return digests.compactMap { $0 ?? others.popFirst() }
    }

    private static func digest(
        _ fileSystem: any FileSystem, _ descriptor: Descriptor, _ buffer: BlockBuffer
    ) throws(StoreError) -> Digest {
        var hasher = ContentHasher()
        var reader = BlockReader(fileSystem, descriptor, buffer)
        try reader.forEachBlock { (block) throws(StoreError) in
            hasher.update(UnsafeRawBufferPointer(block.bytes))
        }
        return hasher.digest
    }

    /// What is known now.
    ///
    /// - Parameters:
    ///   - now: When the walk began: nanoseconds since 1970.
    ///   - old: Of files that were not walked; nil to forget them.
    func cache(now: Int64, keeping old: StatCache?) -> StatCache {
        var cache = old ?? StatCache()
        for (number, folder) in walked.folders.enumerated() {
            if let records = records[number] {
                cache.set(folder, records)
            } else {
                cache.set(folder, digests[number], now: now, keepsOthers: old != nil)
            }
        }
        return cache
    }

    /// What is known now, of files that were changed just now as well: good for as long as nobody
    /// looks at the files again.
    var known: StatCache {
        var cache = StatCache()
        for (folder, digests) in zip(walked.folders, digests) {
            cache.set(folder, digests, now: nil, keepsOthers: false)
        }
        return cache
    }

    func tree(_ place: Place) -> Tree {
        CopiedTree(
            place: place,
            folders: zip(walked.folders, digests).map { folder, digests in
                CopiedTree.Folder(
                    walked: folder,
                    files: zip(folder.files, digests).map { file, digest in
                        guard let digest else { preconditionFailure("a file that was not read") }
                        return CopiedFile(
                            digest: digest, isExecutable: file.status.isExecutable,
                            found: FoundNames())
                    })
            }
        ).tree()
    }
}
