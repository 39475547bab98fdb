package import BrambleModel
internal import GRDB

extension LocalStore {
    /// Adds a content for itself: a log, a derivation, what a remote cache has sent. It is kept until it has not
    /// been used for as long as collections keep things.
    ///
    /// - Parameter next: Gives the content's next part, nil at its end.
    /// - Throws: `corrupt` if the content does not have the digest that was promised.
    package func addBlob(
        expecting digest: Digest? = nil, _ next: () throws(StoreError) -> [UInt8]?
    ) throws(StoreError) -> Digest {
        let draft = session.newPlace()
        var file = FileInTheMaking(fileSystem: fileSystem, target: draft)
        defer { file.close() }
        var hasher = ContentHasher()
        do throws(StoreError) {
            while var part = try next() {
                try part.withUnsafeMutableBufferPointer { (part) throws(StoreError) in
                    hasher.update(UnsafeRawBufferPointer(part))
                    try file.write(UnsafeMutableRawBufferPointer(part))
                }
            }
            let blob = Blob(digest: hasher.digest, isExecutable: false)
            if let digest, digest != blob.digest {
                throw StoreError(
                    .corrupt, "cannot add the blob `\(digest)`: its content is `\(blob.digest)`")
            }
            try file.finishContent()
            try file.share(blob, blobFolder)
            try fileSystem.removeFile(draft)
            try touchBlob(blob.digest)
            return blob.digest
        } catch {
            // The folder of the session goes as a whole; this is only to have its space back earlier.
            try? fileSystem.removeTree(draft)
            throw error
        }
    }

    package func addBlob(_ bytes: [UInt8]) throws(StoreError) -> Digest {
        var rest: [UInt8]? = bytes
        return try addBlob { () throws(StoreError) in
            defer { rest = nil }
            return rest
        }
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
        try reader.forEach { (block) throws(StoreError) in
            let bytes = UnsafeRawBufferPointer(block.bytes)
            hasher.update(bytes)
            try body(bytes)
        }
        guard hasher.digest == digest else {
            throw StoreError(.corrupt, "the blob `\(digest)` is damaged: `bramble store verify`")
        }
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

    private func touchBlob(_ digest: Digest) throws(StoreError) {
        let now = options.clock()
        try index.write("cannot record the blob `\(digest)`") { database in
            try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO blobs (digest, used_at) VALUES (?, ?)"
            ).execute(arguments: [digest.description, now])
        }
    }
}
