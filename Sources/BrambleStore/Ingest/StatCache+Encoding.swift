/// How the index keeps a cache: for each folder, sorted by path, the length of the path and that of
/// its records in 4 bytes each, lowest first, then the path and the records.
extension StatCache {
    private static let headerBytes = 8

    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(
            folders.reduce(0) { $0 + $1.key.count + $1.value.count + StatCache.headerBytes })
        for (path, records) in folders.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            bytes.appendNumber(UInt32(path.count))
            bytes.appendNumber(UInt32(records.count))
            bytes += path
            bytes += records
        }
        return bytes
    }

    /// - Returns: nil if the bytes are not of this form.
    init?(decoding bytes: [UInt8]) {
        self.init()
        var offset = 0
        func number(_ start: Int) -> Int {
            (0..<4).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
        }
        while offset < bytes.count {
            guard bytes.count - offset >= StatCache.headerBytes else { return nil }
            let path = offset + StatCache.headerBytes
            let records = path + number(offset)
            let end = records + number(offset + 4)
            guard end <= bytes.count else { return nil }
            folders[Array(bytes[path..<records])] = Array(bytes[records..<end])
            offset = end
        }
    }
}
