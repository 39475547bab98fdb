internal import BrambleStore
internal import Glibc
internal import SwiftProtobuf

/// A folder that an action has written to, opened so that no link on the way to it was followed: a link may lead
/// to any file of this machine.
final class OutputFolder {
    let descriptor: Int32

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// The root of an action.
    init(root path: String) throws(CacheError) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw CacheError(call: "open", path: path) }
    }

    deinit { close(descriptor) }

    /// A folder in this one; nil if there is none, or it is something else.
    func folder(_ name: String) -> OutputFolder? {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        var child = openat(descriptor, name, flags)
        if child < 0, errno == EACCES, isFolder(name), fchmodat(descriptor, name, 0o755, 0) == 0 {
            child = openat(descriptor, name, flags)
        }
        return child < 0 ? nil : OutputFolder(descriptor: child)
    }

    /// The same, made if there is nothing.
    func makeFolder(_ name: String) -> OutputFolder? {
        mkdirat(descriptor, name, 0o755)
        return folder(name)
    }

    /// Opens a file for reading; nil if it is something else.
    func file(_ name: String) -> Int32? {
        let flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
        var file = openat(descriptor, name, flags)
        if file < 0, errno == EACCES, status(name)?.kind == .regular,
            fchmodat(descriptor, name, 0o644, 0) == 0
        {
            file = openat(descriptor, name, flags)
        }
        return file < 0 ? nil : file
    }

    /// What is there, without following a link; nil if nothing is, or nothing that can be looked at.
    func status(_ name: String) -> FileStatus? {
        (try? POSIXFileSystem().status(at: Place(Descriptor(descriptor), name))) ?? nil
    }

    private func isFolder(_ name: String) -> Bool {
        status(name)?.kind == .directory
    }

    /// Where a link leads to; nil if that is not UTF-8.
    func target(of name: String) -> String? {
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
            let start = UnsafeMutableRawPointer(buffer.baseAddress)?.assumingMemoryBound(
                to: CChar.self)
            count = start.map { max(0, readlinkat(descriptor, name, $0, buffer.count)) } ?? 0
        }
        return bytes.isEmpty ? nil : String(validating: bytes, as: UTF8.self)
    }

    /// The names in it, by their bytes.
    ///
    /// - Throws: `malformed` for names that are not UTF-8.
    func names() throws(CacheError) -> [String] {
        // A second descriptor, as reading it closes it.
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = fdopendir(copy) else {
            throw CacheError(call: "fdopendir", path: "an output")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    String(validatingCString: $0)
                }
            }
            guard let name else {
                throw CacheError(.malformed, "an output has a name that is not UTF-8")
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
