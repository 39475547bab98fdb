import Glibc

/// Removes what was written before something failed.
enum TreeRemoval {
    /// Removes a directory with all that is in it, without following links. What can't be removed stays:
    /// there is another error on its way, which matters more, and the directory around it is temporary.
    static func remove(_ path: String) {
        remove(AT_FDCWD, path, depth: 0)
    }

    /// Deeper than any tree that is written here.
    private static let maximumDepth = 2048

    private static func remove(_ parent: Int32, _ name: String, depth: Int) {
        if unlinkat(parent, name, 0) == 0 || depth > maximumDepth { return }
        let descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        guard let stream = fdopendir(descriptor) else {
            close(descriptor)
            return
        }
        for entry in names(in: stream) { remove(descriptor, entry, depth: depth + 1) }
        closedir(stream)
        unlinkat(parent, name, AT_REMOVEDIR)
    }

    private static func names(in stream: OpaquePointer) -> [String] {
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
