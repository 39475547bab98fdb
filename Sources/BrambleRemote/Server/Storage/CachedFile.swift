internal import BrambleModel
internal import Glibc

/// A file of the storage that is being read; it can be read even if it is removed meanwhile.
final class CachedFile: Sendable {
    let descriptor: Int32
    let sizeBytes: Int

    init(descriptor: Int32, sizeBytes: Int) {
        self.descriptor = descriptor
        self.sizeBytes = sizeBytes
    }

    deinit { close(descriptor) }

    /// The bytes from an offset on, as many as there are, `limit` at most.
    func read(at offset: Int, limit: Int) throws(CacheError) -> [UInt8] {
        var failure: CacheError?
        let wanted = max(0, min(limit, sizeBytes - offset))
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
            while count < wanted {
                let more = pread(
                    descriptor, buffer.baseAddress.map { $0 + count }, wanted - count,
                    off_t(offset + count))
                if more < 0, errno == EINTR { continue }
                if more < 0 { failure = CacheError(call: "pread", path: "a cached file") }
                guard more > 0 else { return }
                count += more
            }
        }
        if let failure { throw failure }
        guard bytes.count == wanted else {
            throw CacheError(.damaged, "a cached file is shorter than it was")
        }
        return bytes
    }
}
