internal import BrambleModel
internal import FoundationEssentials

extension CacheFolder {
    /// Opens a blob.
    func openBlob(_ digest: Digest) throws(CacheError) -> CachedFile {
        let file = try open(.blob(digest.hash))
        guard file.sizeBytes == digest.sizeBytes else {
            throw CacheError(.notFound, "there is no blob `\(digest)`")
        }
        return file
    }

    /// A whole blob, checked. For small ones.
    ///
    /// - Throws: `notFound`, also if it turns out to be damaged; it is removed then.
    func readBlob(_ digest: Digest) throws(CacheError) -> [UInt8] {
        if digest == CacheFolder.emptyDigest { return [] }
        let file = try openBlob(digest)
        let bytes: [UInt8]
        do throws(CacheError) {
            bytes = try file.read(at: 0, limit: file.sizeBytes)
        } catch {
            if error.code == .damaged { drop(.blob(digest.hash)) }
            throw error
        }
        guard Digest(of: bytes) == digest else {
            drop(.blob(digest.hash))
            throw CacheError(.notFound, "the blob `\(digest)` was damaged, and is removed")
        }
        return bytes
    }

    /// Adds a blob that is in memory.
    func addBlob(_ data: Data, _ digest: Digest) throws {
        if missing([digest]).isEmpty { return try check(data, digest) }
        let upload = try BlobUpload(
            self, hash: digest.hash, sizeBytes: digest.sizeBytes, isCompressed: false)
        try upload.append(data)
        try upload.finish()
    }

    /// That it is there already does not make a wrong one right.
    private func check(_ data: Data, _ digest: Digest) throws {
        guard Digest(of: Array(data)) == digest else {
            throw CacheError(.malformed, "what came for the blob `\(digest)` is something else")
        }
    }
}
