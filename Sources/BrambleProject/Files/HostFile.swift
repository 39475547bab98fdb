import Glibc

/// Whole files by absolute paths: those of a project, and those that are kept beside it.
package enum HostFile {
    /// No file that is read whole is longer, in bytes: sources of modules and records of a cache.
    package static let maximumSizeBytes = 1 << 30

    /// The bytes of a file.
    ///
    /// - Throws: `inputOutput`, `limit`.
    package static func read(_ path: String) throws(ProjectError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw systemFailure("open", path) }
        defer { close(file) }
        return try readAll(file, path, limitBytes: maximumSizeBytes)
    }

    /// Puts a file in the place of another one, or where none was, such that everybody sees the one
    /// or the other, whole. Nothing is synchronised to the disk.
    ///
    /// What is written has no name until it is whole, so that a process that is killed leaves nothing; but for the
    /// moment between its draft's name and its own. A draft that was left so is taken away by the next one.
    ///
    /// - Throws: `inputOutput`; then all is as it was.
    package static func replace(
        _ path: String, with bytes: [UInt8]
    ) throws(ProjectError) {
        let parts = split(path)
        let file = open(parts.folder, HostFile.unnamed | O_WRONLY | O_CLOEXEC, 0o644)
        // Not every file system has files without names.
        guard file >= 0 else { return try replaceByNamedDraft(path, with: bytes) }
        defer { close(file) }
        try write(bytes, to: file, path)
        guard fchmod(file, 0o644) == 0 else { throw systemFailure("fchmod", path) }
        if name(file, path) { return }
        guard errno == EEXIST else { return try replaceByNamedDraft(path, with: bytes) }
        let draft = parts.folder + "/." + parts.name + ".draft"
        while !name(file, draft) {
            guard errno == EEXIST, unlink(draft) == 0 || errno == ENOENT else {
                throw systemFailure("linkat", draft)
            }
        }
        // If it is gone, another process that replaces the same file was later, and is to win.
        guard rename(draft, path) == 0 || errno == ENOENT else {
            let failure = systemFailure("rename", path)
            unlink(draft)
            throw failure
        }
    }

    /// `O_TMPFILE`, as most processors have it; Swift knows no name for it.
    private static let unnamed: Int32 = 0o20_000_000 | O_DIRECTORY

    /// Gives an open file a name.
    private static func name(_ file: Int32, _ path: String) -> Bool {
        linkat(AT_FDCWD, "/proc/self/fd/\(file)", AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0
    }

    private static func split(_ path: String) -> (folder: String, name: String) {
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        let folder = String(path.dropLast(name.count))
        return (folder.isEmpty ? "." : folder, name)
    }

    private static func replaceByNamedDraft(
        _ path: String, with bytes: [UInt8]
    ) throws(ProjectError) {
        var template = Array((path + ".XXXXXX").utf8CString)
        let file = mkstemp(&template)
        guard file >= 0 else { throw systemFailure("mkstemp", path) }
        do throws(ProjectError) {
            defer { close(file) }
            try write(bytes, to: file, path)
            guard fcntl(file, F_SETFD, FD_CLOEXEC) == 0 else {
                throw systemFailure("fcntl", path)
            }
            guard fchmod(file, 0o644) == 0 else { throw systemFailure("fchmod", path) }
            guard rename(template, path) == 0 else { throw systemFailure("rename", path) }
        } catch {
            unlink(template)
            throw error
        }
    }

    /// Makes a folder, and those that it is in.
    ///
    /// - Throws: `inputOutput`.
    package static func makeFolder(_ path: String) throws(ProjectError) {
        var made = ""
        for component in path.split(separator: "/") {
            made += "/" + component
            guard mkdir(made, 0o755) == 0 || errno == EEXIST else {
                throw systemFailure("mkdir", made)
            }
        }
    }

    /// The names in a folder, sorted by bytes.
    ///
    /// - Throws: `inputOutput`, `configuration`.
    package static func names(in path: String) throws(ProjectError) -> [String] {
        try Folder(path).entries(path).map(\.name)
    }

    /// The path of a folder without symbolic links, `.` and `..`.
    ///
    /// - Throws: `inputOutput`.
    package static func absolutePath(_ path: String) throws(ProjectError) -> String {
        guard let real = canonicalPath(path) else { throw systemFailure("realpath", path) }
        return real
    }

    /// Whether something is there, be it a symbolic link that leads nowhere.
    package static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Removes a file. That it is there is not needed, and that it stays does no harm.
    package static func remove(_ path: String) { unlink(path) }

    private static func write(
        _ bytes: [UInt8], to file: Int32, _ path: String
    ) throws(ProjectError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(file, $0.baseAddress.map { $0 + done }, $0.count - done)
            }
            if count >= 0 {
                done += count
            } else if errno != EINTR {
                throw systemFailure("write", path)
            }
        }
    }
}

/// Reads an open file to its end.
///
/// - Throws: `inputOutput`, `limit`.
func readAll(
    _ file: Int32, _ name: String, limitBytes: Int
) throws(ProjectError) -> [UInt8] {
    var status = stat()
    guard fstat(file, &status) == 0 else { throw systemFailure("fstat", name) }
    var bytes: [UInt8] = []
    // One byte more than there are shows the end without another read.
    var partSize = min(max(Int(status.st_size) + 1, 4_096), limitBytes + 1)
    while true {
        var failure: ProjectError?
        let part = [UInt8](unsafeUninitializedCapacity: partSize) { buffer, count in
            while count < buffer.count {
                let step = Glibc.read(
                    file, buffer.baseAddress.map { $0 + count }, buffer.count - count)
                if step == 0 { return }
                if step > 0 {
                    count += step
                } else if errno != EINTR {
                    failure = systemFailure("read", name)
                    return
                }
            }
        }
        if let failure { throw failure }
        if bytes.isEmpty { bytes = part } else { bytes += part }
        guard bytes.count <= limitBytes else {
            throw ProjectError(.limit, "`\(name)` is longer than \(limitBytes) bytes")
        }
        if part.count < partSize { return bytes }
        partSize = max(bytes.count, 4_096)
    }
}
