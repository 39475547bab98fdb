internal import BrambleModel

/// What a file holds: its digest, and the names in it. The name numbered 0 is that of its own
/// object.
struct FileContent: Sendable {
    let digest: Digest
    /// Of the content with blanks in place of the own name; nil if it is not in it.
    let blankDigest: Digest?
    private(set) var ownOffsets: [Int] = []
    /// Numbers of all names found.
    private(set) var names: Set<Int> = []

    init(
        _ fileSystem: any FileSystem, _ place: Place, _ buffer: BlockBuffer, _ scan: NameScan
    ) throws(StoreError) {
        let descriptor = try fileSystem.open(place, .read)
        defer { fileSystem.close(descriptor) }
        var reader = BlockReader(fileSystem, descriptor, buffer)
        reader.scan = scan
        var hasher = ContentHasher()
        var blankHasher = ContentHasher()
        var offsets: [Int] = []
        var found: Set<Int> = []
        try reader.forEachBlock { (block) throws(StoreError) in
            let own = block.hits.filter { $0.name == 0 }
            // A file without its own name, which is almost every one, is hashed once.
            if offsets.isEmpty, !own.isEmpty { blankHasher = hasher }
            hasher.update(UnsafeRawBufferPointer(block.bytes))
            for hit in block.hits { found.insert(hit.name) }
            offsets += own.map { block.offset + $0.offset }
            guard !offsets.isEmpty else { return }
            for hit in own {
                UnsafeMutableRawBufferPointer(rebasing: block.bytes[hit.offset...])
                    .copyBytes(from: StoreName.blank)
            }
            blankHasher.update(UnsafeRawBufferPointer(block.bytes))
        }
        digest = hasher.digest
        blankDigest = offsets.isEmpty ? nil : blankHasher.digest
        ownOffsets = offsets
        names = found
    }
}
