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
    let unknown: [Unknown]

    init(_ walked: WalkedTree, _ cache: StatCache) {
        self.walked = walked
        digests = walked.folders.map { cache.digests($0) }
        unknown = digests.enumerated().flatMap { folder, digests in
            digests.indices.filter { digests[$0] == nil }.map { Unknown(folder: folder, file: $0) }
        }
    }

    /// Reads what is not known, on all cores.
    mutating func read(
        _ fileSystem: any FileSystem, _ workers: Workers, _ place: Place
    ) throws(StoreError) {
        let (walked, unknown) = (walked, unknown)
        let found = try workers.map(
            unknown.count, makeState: { BlockBuffer() },
            { (number, buffer) throws(StoreError) in
                let folder = walked.folders[unknown[number].folder]
                let file = folder.files[unknown[number].file]
                let descriptor = try fileSystem.open(
                    place.appending(joined(folder.path, file.name)), .read)
                defer { fileSystem.close(descriptor) }
                return try SourceReading.digest(fileSystem, descriptor, buffer)
            })
        for (file, digest) in zip(unknown, found) { digests[file.folder][file.file] = digest }
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
        for (folder, digests) in zip(walked.folders, digests) {
            cache.set(folder, digests, now: now, keepsOthers: old != nil)
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
