internal import CBrambleHash

extension ContentHash {
    /// How many contents are hashed in about the time of one, if they are hashed together; 1 if that
    /// gains nothing on this processor.
    package static let parallelCount = Int(bramble_hash_width())

    /// The hashes of several contents, in their order. No time is lost if those of about the same
    /// size stand together.
    package static func hashes(of contents: [UnsafeRawBufferPointer]) -> [ContentHash] {
        // A place that is left empty takes as long as others, and a content alone is hashed several
        // times as fast as in one of them.
        guard parallelCount > 1, contents.count > parallelCount / 4,
            let hashes = hashes(of: contents, atOnce: parallelCount)
        else { return contents.map { ContentHash(of: $0) } }
        return hashes
    }

    /// - Parameter count: How many are hashed at once; this processor must have what that takes.
    /// - Returns: nil if that many are not known here.
    static func hashes(of contents: [UnsafeRawBufferPointer], atOnce count: Int) -> [ContentHash]? {
        var jobs = contents.map { content in
            var job = bramble_hash_job()
            job.bytes = content.baseAddress?.assumingMemoryBound(to: UInt8.self)
            job.size = content.count
            return job
        }
        guard bramble_hash_many(&jobs, jobs.count, count) != 0 else { return nil }
        return jobs.map { job in
            withUnsafeBytes(of: job.digest) { ContentHash(words: ContentHash.words($0)) }
        }
    }

    private init(of bytes: UnsafeRawBufferPointer) {
        var hasher = ContentHasher()
        hasher.update(bytes)
        self = hasher.finish()
    }
}
