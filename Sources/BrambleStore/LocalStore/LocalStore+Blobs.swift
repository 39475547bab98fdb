package import BrambleModel

extension LocalStore {
    /// Adds a content for itself: a log, a derivation. It is kept until it has not been used for as
    /// long as collections keep things, or as long as a build's record names it.
    package func addBlob(_ bytes: [UInt8]) throws(StoreError) -> Digest {
        let writer = BlobWriter(self)
        try writer.append(bytes)
        return try writer.finish()
    }

    /// Reads a content, whoever has put it in: in parts, and checked against its digest at the end.
    ///
    /// - Throws: `notFound`; `corrupt`, after the last part.
    package func readBlob(
        _ digest: Digest, _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Void
    ) throws(StoreError) {
        let descriptor = try openBlob(digest)
        defer { fileSystem.close(descriptor) }
        var hasher = ContentHasher()
        var reader = BlockReader(fileSystem, descriptor, BlockBuffer())
        try reader.forEachBlock { (block) throws(StoreError) in
            let bytes = UnsafeRawBufferPointer(block.bytes)
            hasher.update(bytes)
            try body(bytes)
        }
        guard hasher.digest == digest else {
            throw StoreError(.corrupt, "the blob `\(digest)` is damaged: `bramble store verify`")
        }
    }

    /// A part of a content, unchecked.
    ///
    /// - Throws: `notFound`, `malformed` for an offset behind the end.
    package func readPart(
        of digest: Digest, at offset: Int, limitBytes: Int
    ) throws(StoreError) -> [UInt8] {
        guard offset >= 0, limitBytes >= 0, offset <= digest.sizeBytes else {
            throw StoreError(.malformed, "there is nothing at \(offset) in the blob `\(digest)`")
        }
        let descriptor = try openBlob(digest)
        defer { fileSystem.close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: min(limitBytes, digest.sizeBytes - offset))
        var filled = 0
        while filled < bytes.count {
            let count = try bytes.withUnsafeMutableBufferPointer { (bytes) throws(StoreError) in
                let rest = UnsafeMutableBufferPointer(rebasing: bytes[filled...])
                return try fileSystem.read(
                    descriptor, into: UnsafeMutableRawBufferPointer(rest), at: offset + filled)
            }
            guard count > 0 else {
                throw StoreError(.corrupt, "the blob `\(digest)` is shorter than it should be")
            }
            filled += count
        }
        return bytes
    }

    package func hasBlob(_ digest: Digest) throws(StoreError) -> Bool {
        for isExecutable in [false, true] {
            let blob = Blob(digest: digest, isExecutable: isExecutable)
            if let status = try fileSystem.status(at: blobFolder.place(of: blob)),
                blob.matches(status)
            {
                return true
            }
        }
        return false
    }

    private func openBlob(_ digest: Digest) throws(StoreError) -> Descriptor {
        for isExecutable in [false, true] {
            let blob = Blob(digest: digest, isExecutable: isExecutable)
            let place = blobFolder.place(of: blob)
            guard try fileSystem.status(at: place) != nil else { continue }
            return try fileSystem.open(place, .read)
        }
        throw StoreError(.notFound, "the store does not have the blob `\(digest)`")
    }

    /// Notes that contents are wanted for themselves.
    func touchBlobs(_ digests: [Digest]) throws(StoreError) {
        let now = options.clock()
        try index.write("cannot record a blob") { database in
            for digest in digests {
                try database.run(
                    "INSERT OR REPLACE INTO blobs (digest, used_at) VALUES (?, ?)",
                    [digest.description, now])
            }
        }
    }
}
