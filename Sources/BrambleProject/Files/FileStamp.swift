import Glibc

/// What tells, without reading it, that a file or folder is as it was.
///
/// Times come from the kernel's coarse clock: something may change twice within one of its ticks and
/// have the same stamp after both (the "racy Git" problem: git's Documentation/technical/racy-git).
/// So a stamp proves something only if it was old enough when it was taken: `isSettled`.
package struct FileStamp: Hashable, Codable, Sendable {
    package var inode: UInt64
    package var sizeBytes: Int64
    /// In nanoseconds since 1970.
    package var modified: Int64
    /// When its inode changed, which nobody can set.
    package var changed: Int64

    package init(inode: UInt64, sizeBytes: Int64, modified: Int64, changed: Int64) {
        self.inode = inode
        self.sizeBytes = sizeBytes
        self.modified = modified
        self.changed = changed
    }

    init(_ status: stat) {
        inode = UInt64(status.st_ino)
        sizeBytes = Int64(status.st_size)
        modified = FileStamp.nanoseconds(status.st_mtim)
        changed = FileStamp.nanoseconds(status.st_ctim)
    }

    /// The stamp of what a path leads to; nil if that is nothing.
    package init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// The stamp of what is at a path, a symbolic link itself included; nil if that is nothing.
    package init?(linkPath path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// Ticks last 10 ms at most; file systems that count in seconds are told apart by their times.
    private static let tick: Int64 = 20_000_000
    private static let second: Int64 = 1_000_000_000

    /// Whether a later change would show in the stamp.
    ///
    /// - Parameter now: When the stamp was taken, as `now` gives it.
    package func isSettled(at now: Int64) -> Bool {
        let latest = max(modified, changed)
        let isCoarse = modified % FileStamp.second == 0 && changed % FileStamp.second == 0
        return now - latest > (isCoarse ? 2 * FileStamp.second : FileStamp.tick)
    }

    /// Nanoseconds since 1970, by the clock that file systems use.
    package static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return nanoseconds(time)
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) * second + Int64(time.tv_nsec)
    }
}
