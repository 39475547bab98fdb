import Glibc

/// An open folder. Everything the project reads from disk, it reads through here.
struct Folder: ~Copyable {
    enum Kind: Sendable { case file, folder, link, other }

    struct Entry: Sendable {
        var name: String
        var kind: Kind
    }

    private let descriptor: Int32

    /// - Throws: `inputOutput`.
    init(_ path: String) throws(ProjectError) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw systemFailure("open", path) }
    }

    /// A folder in this one; a symbolic link is none.
    init(_ name: String, in parent: borrowing Folder) throws(ProjectError) {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW
        descriptor = openat(parent.descriptor, name, flags)
        guard descriptor >= 0 else { throw systemFailure("openat", name) }
    }

    deinit { close(descriptor) }

    func stamp() throws(ProjectError) -> FileStamp {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw systemFailure("fstat", ".") }
        return FileStamp(status)
    }

    /// The stamp of a file in it, links followed; nil if there is none.
    func stamp(of name: String) -> FileStamp? {
        var status = stat()
        return fstatat(descriptor, name, &status, 0) == 0 ? FileStamp(status) : nil
    }

    /// What is in it, by the bytes of the names.
    ///
    /// - Parameter path: What messages call the folder.
    /// - Throws: `inputOutput`; `configuration` for a name that is not valid UTF-8.
    func entries(_ path: String) throws(ProjectError) -> [Entry] {
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { throw systemFailure("openat", path) }
        guard let stream = fdopendir(copy) else {
            close(copy)
            throw systemFailure("fdopendir", path)
        }
        defer { closedir(stream) }
        var entries: [Entry] = []
        errno = 0
        while let next = readdir(stream) {
            let bytes = nameBytes(next)
            if bytes == [dot] || bytes == [dot, dot] { continue }
            guard let name = String(validating: bytes, as: UTF8.self) else {
                throw ProjectError(
                    .configuration,
                    "a file name in `\(path)` is not valid UTF-8: "
                        + "`\(String(decoding: bytes, as: UTF8.self))`",
                    hint: "rename it, or name its folder in `.brambleignore`")
            }
            entries.append(Entry(name: name, kind: kind(next.pointee.d_type, name)))
            errno = 0
        }
        guard errno == 0 else { throw systemFailure("readdir", path) }
        return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    private func nameBytes(_ entry: UnsafeMutablePointer<dirent>) -> [UInt8] {
        // readdir(3): `d_name` is terminated by NUL within the record.
        withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: UInt8.self, capacity: 256) { bytes in
                Array(UnsafeBufferPointer(start: bytes, count: strlen(bytes)))
            }
        }
    }

    private func kind(_ type: UInt8, _ name: String) -> Kind {
        switch Int(type) {
        case Int(DT_REG): return .file
        case Int(DT_DIR): return .folder
        case Int(DT_LNK): return .link
        // Some file systems don't say.
        case Int(DT_UNKNOWN): return kind(of: name) ?? .other
        default: return .other
        }
    }

    /// What a path below is, links not followed; nil if nothing is there.
    func kind(of path: String) -> Kind? {
        var status = stat()
        guard fstatat(descriptor, path, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        case S_IFLNK: return .link
        default: return .other
        }
    }

    /// The bytes of a file in it; nil if there is none.
    ///
    /// - Throws: `inputOutput`, `limit`.
    func read(_ name: String, limitBytes: Int = 16 << 20) throws(ProjectError) -> [UInt8]? {
        let file = openat(descriptor, name, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw systemFailure("openat", name)
        }
        defer { close(file) }
        return try readAll(file, name, limitBytes: limitBytes)
    }
}

private let dot = UInt8(ascii: ".")

/// The failure of the call that set `errno`.
func systemFailure(_ call: String, _ path: String) -> ProjectError {
    let number = errno
    return ProjectError(
        .inputOutput, "cannot \(call) `\(path)`: \(String(cString: strerror(number))) (\(number))")
}

/// The path without symbolic links, `.` and `..`; nil if it leads nowhere.
func canonicalPath(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
}
