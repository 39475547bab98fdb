internal import BrambleModel

/// Hashing and writing a block.
extension FileCopier {
    /// What has gone on with a block, by one of two threads.
    private enum Half: Sendable {
        case hashed(ContentHasher)
        case written(FileInTheMaking)
    }

    /// A thread costs some 20 µs, and hashing so much takes longer than a millisecond.
    private static let worthTwoThreadsBytes = 512 << 10

    /// Hashes a block, with blanks in place of the own name, and writes it as it is. Of large files,
    /// at once: hashing takes the longer of the two, and then it is all that takes time.
    func process(
        _ block: BlockReader.Block, _ hasher: inout ContentHasher, _ copy: inout FileInTheMaking
    ) throws(StoreError) {
        guard block.bytes.count >= FileCopier.worthTwoThreadsBytes else {
            try copy.write(block.bytes)
            FileCopier.hash(block, blanking: ownName, into: &hasher)
            return
        }
        // Whoever closes the file must know that it is open, should writing fail.
        try copy.begin()
        // Both only read the block, and both have ended when it goes.
        nonisolated(unsafe) let block = block
        let before = (hasher: hasher, copy: copy, ownName: ownName)
        let halves = try Workers(count: 2).map(
            2, makeState: {},
            { (number, _) throws(StoreError) -> Half in
                if number == 0 {
                    var hasher = before.hasher
                    FileCopier.hash(block, blanking: before.ownName, into: &hasher)
                    return .hashed(hasher)
                }
                var copy = before.copy
                try copy.write(block.bytes)
                return .written(copy)
            })
        for half in halves {
            switch half {
            case .hashed(let after): hasher = after
            case .written(let after): copy = after
            }
        }
    }

    static func hash(
        _ block: BlockReader.Block, blanking ownName: Int?, into hasher: inout ContentHasher
    ) {
        let bytes = UnsafeRawBufferPointer(block.bytes)
        var start = 0
        for hit in block.hits where hit.name == ownName {
            hasher.update(UnsafeRawBufferPointer(rebasing: bytes[start..<hit.offset]))
            StoreName.blank.withUnsafeBytes { hasher.update($0) }
            start = hit.offset + NameScanner.length
        }
        hasher.update(UnsafeRawBufferPointer(rebasing: bytes[start...]))
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
