internal import Glibc

/// What `fstatat` says of a file, as far as the store wants to know (man 7 inode).
package struct FileStatus: Equatable, Sendable {
    package enum Kind: Sendable {
        case regular, directory, symlink
        /// A device, socket or FIFO.
        case other
    }

    package var kind: Kind
    /// The lowest twelve bits of the mode.
    package var permissions: UInt32
    package var sizeBytes: Int
    package var device: UInt64
    package var inode: UInt64
    package var linkCount: Int
    /// The user whose file it is.
    package var owner: UInt32
    /// Nanoseconds since 1970.
    package var modifiedAt: Int64
    /// Nanoseconds since 1970.
    package var changedAt: Int64

    package var isExecutable: Bool { permissions & 0o100 != 0 }

    init(_ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .regular
        case S_IFDIR: kind = .directory
        case S_IFLNK: kind = .symlink
        default: kind = .other
        }
        permissions = UInt32(status.st_mode & 0o7777)
        sizeBytes = Int(status.st_size)
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        linkCount = Int(status.st_nlink)
        owner = status.st_uid
        modifiedAt = FileStatus.nanoseconds(status.st_mtim)
        changedAt = FileStatus.nanoseconds(status.st_ctim)
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
