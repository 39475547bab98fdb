internal import BrambleModel

/// Digests of files that were read before, by what `stat` says of them (DESIGN, "Store").
///
/// A file whose size, times and inode are the same has the same content, unless it was changed so
/// soon after it had been read that the clock of the file system has not moved. So a digest is kept
/// only if the file was, when it was read, older than that clock's step; what was written just now
/// is read again the next time.
struct StatCache: Sendable {
    struct Entry: Equatable, Sendable {
        let sizeBytes: Int
        let inode: UInt64
        let modifiedAt: Int64
        let changedAt: Int64
        let digest: Digest

        func matches(_ status: FileStatus) -> Bool {
            status.sizeBytes == sizeBytes && status.inode == inode
                && status.modifiedAt == modifiedAt && status.changedAt == changedAt
        }
    }

    /// By the bytes of the paths.
    var entries: [[UInt8]: Entry] = [:]

    init() {}

    func digest(_ path: String, _ status: FileStatus) -> Digest? {
        guard let entry = entries[Array(path.utf8)], entry.matches(status) else { return nil }
        return entry.digest
    }

    /// - Parameter now: When the file was looked at, before it was read: nanoseconds since 1970.
    mutating func insert(_ path: String, _ status: FileStatus, _ digest: Digest, now: Int64) {
        let last = max(status.modifiedAt, status.changedAt)
        guard last < now - StatCache.clockStep(status) else { return }
        insert(path, status, digest)
    }

    /// Takes in a digest without a look at the clock.
    mutating func insert(_ path: String, _ status: FileStatus, _ digest: Digest) {
        entries[Array(path.utf8)] = Entry(
            sizeBytes: status.sizeBytes, inode: status.inode, modifiedAt: status.modifiedAt,
            changedAt: status.changedAt, digest: digest)
    }

    /// How long a file system may give the same time to two changes, in nanoseconds. Linux takes
    /// times from a clock that ticks with the timer, every 10 ms at the slowest. Where there are
    /// whole seconds only, it is two of them (FAT).
    private static func clockStep(_ status: FileStatus) -> Int64 {
        let second: Int64 = 1_000_000_000
        return status.changedAt % second == 0 ? 2 * second : 20_000_000
    }
}
