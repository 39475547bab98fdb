/// An open directory or file. A plain number: who opened it closes it (`FileSystem.close`).
package struct Descriptor: Hashable, Sendable {
    package let number: Int32

    package init(_ number: Int32) {
        self.number = number
    }

    /// Paths handed in with it are absolute (man 2 openat, `AT_FDCWD`).
    package static let none = Descriptor(-100)
}

/// A file by its place: a path from an open directory.
package struct Place: Sendable {
    package let directory: Descriptor
    package let path: String

    package init(_ directory: Descriptor, _ path: String) {
        self.directory = directory
        self.path = path
    }

    /// - Parameter absolute: An absolute path.
    package init(_ absolute: String) {
        self.init(.none, absolute)
    }

    /// A place below this one; this one itself for an empty path.
    func appending(_ path: String) -> Place {
        path.isEmpty ? self : Place(directory, "\(self.path)/\(path)")
    }
}

/// How a file is opened.
package enum OpenMode: Sendable {
    /// An existing regular file, for reading; symlinks are not followed.
    case read
    /// An existing directory; a symlink is not followed.
    case directory
    /// An existing regular file, for reading and writing.
    case update
    /// A new file, for reading and writing, with these permissions.
    case create(UInt32)
    /// A file for reading and writing that is made if it is missing.
    case openOrCreate(UInt32)
}

/// What came of a hard link: what is no fault costs no error, which would be made for every file.
package enum LinkOutcome: Sendable {
    case made
    /// There is no such file.
    case isMissing
    /// There is something in the place.
    case isTaken
    /// The file system makes no link, or no more links, to this file.
    case isRefused
}

/// All that the store asks of the kernel about files: one method a system call. Tests put a file
/// system between that fails at the n-th call (`FaultyFileSystem`).
package protocol FileSystem: Sendable {
    func open(_ place: Place, _ mode: OpenMode) throws(StoreError) -> Descriptor
    func close(_ descriptor: Descriptor)
    /// - Returns: How many bytes were read; 0 at the end.
    func read(
        _ descriptor: Descriptor, into buffer: UnsafeMutableRawBufferPointer
    ) throws(StoreError) -> Int
    /// Reads from an offset; the descriptor's own position stays.
    func read(
        _ descriptor: Descriptor, into buffer: UnsafeMutableRawBufferPointer, at offset: Int
    ) throws(StoreError) -> Int
    /// Writes all of the bytes.
    func write(
        _ descriptor: Descriptor, _ bytes: UnsafeRawBufferPointer
    ) throws(StoreError)
    /// Writes all of the bytes at an offset.
    func write(
        _ descriptor: Descriptor, _ bytes: UnsafeRawBufferPointer, at offset: Int
    ) throws(StoreError)
    func truncate(_ descriptor: Descriptor, to sizeBytes: Int) throws(StoreError)
    /// Makes a file share another one's blocks (man 2 ioctl_ficlone).
    func clone(_ source: Descriptor, to target: Descriptor) throws(StoreError)
    func status(of descriptor: Descriptor) throws(StoreError) -> FileStatus
    /// The status of a file; nil if there is none. Symlinks are not followed.
    func status(at place: Place) throws(StoreError) -> FileStatus?
    /// The names in a directory, in no order, without `.` and `..`, as bytes.
    func names(in directory: Descriptor) throws(StoreError) -> [[UInt8]]
    func readLink(_ place: Place) throws(StoreError) -> [UInt8]
    func makeDirectory(_ place: Place, permissions: UInt32) throws(StoreError)
    func makeLink(_ existing: Place, at place: Place) throws(StoreError) -> LinkOutcome
    func makeSymlink(to target: String, at place: Place) throws(StoreError)
    func rename(_ place: Place, to target: Place) throws(StoreError)
    /// Removes a file or a symlink.
    func removeFile(_ place: Place) throws(StoreError)
    /// Removes an empty directory.
    func removeDirectory(_ place: Place) throws(StoreError)
    func setPermissions(_ descriptor: Descriptor, _ permissions: UInt32) throws(StoreError)
    func setPermissions(_ place: Place, _ permissions: UInt32) throws(StoreError)
    /// Sets both times of an open file, in seconds since 1970.
    func setTimes(_ descriptor: Descriptor, seconds: Int) throws(StoreError)
    /// Sets both times of a file, or of a symlink itself.
    func setTimes(_ place: Place, seconds: Int) throws(StoreError)
    /// Whether anybody can still write to a file that is open here for reading: through a descriptor or a
    /// mapping, wherever they are. True as well if it cannot be told.
    func hasWriters(_ descriptor: Descriptor) -> Bool
    /// Writes all that the file system holds to the disk (man 2 syncfs).
    func sync(_ descriptor: Descriptor) throws(StoreError)
    /// Takes the file's exclusive lock (man 2 flock), until what was opened is closed.
    ///
    /// - Returns: Whether it was taken; false if someone has it.
    func lock(_ descriptor: Descriptor) throws(StoreError) -> Bool
    /// Takes the exclusive lock on one byte of a file, which need not be there, until what was opened is closed
    /// (man 2 fcntl, "Open file description locks").
    ///
    /// - Returns: Whether it was taken; false if someone has it, be it in this process.
    func lock(_ descriptor: Descriptor, byte: Int) throws(StoreError) -> Bool
}
