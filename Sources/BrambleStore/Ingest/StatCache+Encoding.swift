internal import BrambleModel

/// How the index keeps a cache: for each file, all numbers with their lowest byte first, the length
/// of the path in 4 bytes, the path, then 8 bytes each of size, inode and both times, then the 32
/// bytes of the hash. What is not of this form is no cache, and costs no more than that.
extension StatCache {
    private static let fixedBytes = 4 * 8 + 32

    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.count * (StatCache.fixedBytes + 64))
        for (path, entry) in entries.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            bytes.append(UInt32(path.count))
            bytes += path
            bytes.append(UInt64(entry.sizeBytes))
            bytes.append(entry.inode)
            bytes.append(UInt64(bitPattern: entry.modifiedAt))
            bytes.append(UInt64(bitPattern: entry.changedAt))
            bytes += entry.digest.hash.bytes
        }
        return bytes
    }

    /// - Returns: nil if the bytes are not of this form.
    init?(decoding bytes: [UInt8]) {
        self.init()
        var offset = 0
        func number(_ start: Int) -> UInt64 {
            (0..<8).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
        }
        while offset < bytes.count {
            guard bytes.count - offset >= 4 else { return nil }
            let count = (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
            let start = offset + 4 + count
            guard bytes.count - start >= StatCache.fixedBytes,
                let size = Int(exactly: number(start)),
                let hash = ContentHash(digest: Array(bytes[start + 32..<start + 64]))
            else { return nil }
            entries[Array(bytes[offset + 4..<start])] = Entry(
                sizeBytes: size, inode: number(start + 8),
                modifiedAt: Int64(bitPattern: number(start + 16)),
                changedAt: Int64(bitPattern: number(start + 24)),
                digest: Digest(hash: hash, sizeBytes: size))
            offset = start + StatCache.fixedBytes
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }
}
