internal import Glibc

/// The kernel's file system.
package struct POSIXFileSystem: FileSystem {
    package init() {}

    package func open(_ place: Place, _ mode: OpenMode) throws(StoreError) -> Descriptor {
        let (flags, permissions): (Int32, UInt32) =
            switch mode {
            case .read: (O_RDONLY | O_NOFOLLOW, 0)
            case .directory: (O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
            case .update: (O_RDWR | O_NOFOLLOW, 0)
            case .create(let permissions): (O_RDWR | O_CREAT | O_EXCL, permissions)
            case .openOrCreate(let permissions): (O_RDWR | O_CREAT | O_NOFOLLOW, permissions)
            }
        let number = try check("open", place) {
            Glibc.openat($0, $1, flags | O_CLOEXEC | O_NONBLOCK, permissions)
        }
        return Descriptor(number)
    }

    package func close(_ descriptor: Descriptor) {
        // The store never learns of a write here first: durability is `sync`'s matter.
        _ = Glibc.close(descriptor.number)
    }

    package func truncate(_ descriptor: Descriptor, to sizeBytes: Int) throws(StoreError) {
        try check("ftruncate", descriptor) { ftruncate($0, sizeBytes) }
    }

    package func clone(_ source: Descriptor, to target: Descriptor) throws(StoreError) {
        // _IOW(0x94, 9, int), linux/fs.h.
        let ficlone: UInt = 0x4004_9409
        try check("ioctl FICLONE", target) { ioctl($0, ficlone, source.number) }
    }

    package func status(of descriptor: Descriptor) throws(StoreError) -> FileStatus {
        var status = stat()
        try check("fstat", descriptor) { fstat($0, &status) }
        return FileStatus(status)
    }

    package func status(at place: Place) throws(StoreError) -> FileStatus? {
        var status = stat()
        guard fstatat(place.directory.number, place.path, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            let number = errno
            if number == ENOENT { return nil }
            throw StoreError(call: "stat", path: describe(place), number: number)
        }
        return FileStatus(status)
    }

    package func readLink(_ place: Place) throws(StoreError) -> [UInt8] {
        // A target is at most a path long, and the kernel's limit is 4,096 with the NUL.
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlinkat(place.directory.number, place.path, &target, target.count)
        guard count >= 0 else {
            throw StoreError(call: "readlink", path: describe(place), number: errno)
        }
        return target.prefix(count).map { UInt8(bitPattern: $0) }
    }

    package func makeDirectory(_ place: Place, permissions: UInt32) throws(StoreError) {
        try check("mkdir", place) { mkdirat($0, $1, permissions) }
    }

    package func makeLink(
        _ existing: Place, at place: Place
    ) throws(StoreError) -> LinkOutcome {
        let status = linkat(
            existing.directory.number, existing.path, place.directory.number, place.path, 0)
        if status == 0 { return .made }
        switch errno {
        case ENOENT: return .isMissing
        case EEXIST: return .isTaken
        case EMLINK, EXDEV, EPERM, EOPNOTSUPP: return .isRefused
        case let number: throw StoreError(call: "link", path: describe(place), number: number)
        }
    }

    package func makeSymlink(to target: String, at place: Place) throws(StoreError) {
        try check("symlink", place) { symlinkat(target, $0, $1) }
    }

    package func rename(_ place: Place, to target: Place) throws(StoreError) {
        try check("rename", target) { renameat(place.directory.number, place.path, $0, $1) }
    }

    package func removeFile(_ place: Place) throws(StoreError) {
        try check("unlink", place) { unlinkat($0, $1, 0) }
    }

    package func removeDirectory(_ place: Place) throws(StoreError) {
        try check("rmdir", place) { unlinkat($0, $1, AT_REMOVEDIR) }
    }

    package func setPermissions(
        _ descriptor: Descriptor, _ permissions: UInt32
    ) throws(StoreError) {
        try check("fchmod", descriptor) { fchmod($0, permissions) }
    }

    package func setPermissions(_ place: Place, _ permissions: UInt32) throws(StoreError) {
        try check("fchmodat", place) { fchmodat($0, $1, permissions, 0) }
    }

    package func setTimes(_ descriptor: Descriptor, seconds: Int) throws(StoreError) {
        let time = timespec(tv_sec: seconds, tv_nsec: 0)
        let times = [time, time]
        try check("futimens", descriptor) { futimens($0, times) }
    }

    package func setTimes(_ place: Place, seconds: Int) throws(StoreError) {
        let time = timespec(tv_sec: seconds, tv_nsec: 0)
        let times = [time, time]
        try check("utimensat", place) { utimensat($0, $1, times, AT_SYMLINK_NOFOLLOW) }
    }

    package func hasWriters(_ descriptor: Descriptor) -> Bool {
        // A lease for reading is given only where nobody has the file open for writing (man 2 fcntl, "Leases").
        // It is kept for no longer than a moment; who opens the file in that moment sends a signal, and by
        // default one that ends the process: so another one is chosen, which is ignored.
        guard fcntl(descriptor.number, FileCommand.setSignal, SIGURG) == 0,
            fcntl(descriptor.number, FileCommand.setLease, F_RDLCK) == 0
        else { return true }
        return fcntl(descriptor.number, FileCommand.setLease, F_UNLCK) != 0
    }

    package func sync(_ descriptor: Descriptor) throws(StoreError) {
        try check("syncfs", descriptor) { syncfs($0) }
    }

    package func lock(_ descriptor: Descriptor) throws(StoreError) -> Bool {
        try isLocked("flock", descriptor) { flock($0, LOCK_EX | LOCK_NB) }
    }

    package func lock(_ descriptor: Descriptor, byte: Int) throws(StoreError) -> Bool {
        var range = Glibc.flock()
        range.l_type = Int16(F_WRLCK)
        range.l_whence = Int16(SEEK_SET)
        range.l_start = byte
        range.l_len = 1
        return try isLocked("fcntl", descriptor) {
            fcntl($0, FileCommand.lockRange, &range)
        }
    }

    /// - Parameter call: Gives 0 if it takes the lock, -1 where it fails.
    private func isLocked(
        _ name: String, _ descriptor: Descriptor, _ call: (Int32) -> Int32
    ) throws(StoreError) -> Bool {
        let status = try check(name, descriptor) { number in
            let result = call(number)
            // Somebody has it: that is an answer.
            return result < 0 && (errno == EAGAIN || errno == EACCES) ? 1 : result
        }
        return status == 0
    }
}

/// Commands of fcntl, from linux/fcntl.h and asm-generic/fcntl.h.
private enum FileCommand {
    static let setLease: Int32 = 1024
    static let setSignal: Int32 = 10
    /// F_OFD_SETLK.
    static let lockRange: Int32 = 37
}

/// man 2 syncfs. The headers show it to programs of GNU only, which Swift's module of them is not.
@_silgen_name("syncfs") private func syncfs(_ descriptor: Int32) -> Int32

extension POSIXFileSystem {
    /// Runs a call again as long as signals interrupt it.
    @discardableResult
    func check(
        _ call: String, _ descriptor: Descriptor, _ body: (Int32) -> Int32
    ) throws(StoreError) -> Int32 {
        while true {
            let result = body(descriptor.number)
            if result >= 0 { return result }
            guard errno == EINTR else {
                throw StoreError(call: call, path: describe(descriptor), number: errno)
            }
        }
    }

    @discardableResult
    func check(
        _ call: String, _ place: Place, _ body: (Int32, UnsafePointer<CChar>) -> Int32
    ) throws(StoreError) -> Int32 {
        while true {
            let (result, number) = place.path.withCString { path in
                let result = body(place.directory.number, path)
                return (result, errno)
            }
            if result >= 0 { return result }
            guard number == EINTR else {
                throw StoreError(call: call, path: describe(place), number: number)
            }
        }
    }

    /// The path that a message shows: the kernel knows what a descriptor is open on.
    func describe(_ descriptor: Descriptor) -> String {
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/fd/\(descriptor.number)", &target, target.count)
        guard count > 0 else { return "descriptor \(descriptor.number)" }
        return String(
            decoding: target.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func describe(_ place: Place) -> String {
        if place.directory == .none || place.path.hasPrefix("/") { return place.path }
        return "\(describe(place.directory))/\(place.path)"
    }
}
