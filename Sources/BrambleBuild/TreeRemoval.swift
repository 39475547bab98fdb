import Glibc

/// Removes what a build, or an archive, has written, whatever that is.
enum TreeRemoval {
    /// Removes a file, or a directory with all that is in it, without following links. What can't be
    /// removed stays: it lies in a folder that is temporary, and a collection looks at it again.
    static func remove(_ path: String) {
        path.withCString { remove(AT_FDCWD, $0, depth: 0) }
    }

    /// Removes what is in a directory, which must not be a link, and makes it usable again.
    ///
    /// - Returns: Whether nothing is left.
    static func empty(_ path: String) -> Bool {
        guard let stream = path.withCString({ open(AT_FDCWD, $0) }) else { return false }
        removeEntries(of: stream, depth: 0)
        fchmod(dirfd(stream), 0o755)
        rewinddir(stream)
        defer { closedir(stream) }
        return names(in: stream).isEmpty
    }

    /// The names in a directory that we have made; none if it is not there.
    static func names(in path: String) -> [String] {
        guard let stream = path.withCString({ open(AT_FDCWD, $0) }) else { return [] }
        defer { closedir(stream) }
        return names(in: stream).map {
            String(decoding: $0.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// Each level holds a descriptor and some stack. Deeper trees, which nothing but mischief makes,
    /// are left to the collection.
    private static let maximumDepth = 400

    private static func remove(_ parent: Int32, _ name: UnsafePointer<CChar>, depth: Int) {
        if unlinkat(parent, name, 0) == 0 || depth > maximumDepth { return }
        guard let stream = open(parent, name) else { return }
        removeEntries(of: stream, depth: depth)
        closedir(stream)
        unlinkat(parent, name, AT_REMOVEDIR)
    }

    private static func removeEntries(of stream: OpaquePointer, depth: Int) {
        for entry in names(in: stream) {
            entry.withUnsafeBufferPointer { entry in
                if let entry = entry.baseAddress { remove(dirfd(stream), entry, depth: depth + 1) }
            }
        }
    }

    /// Opens a directory so that what is in it can be removed: builders may have taken the right.
    private static func open(_ parent: Int32, _ name: UnsafePointer<CChar>) -> OpaquePointer? {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        var descriptor = openat(parent, name, flags)
        if descriptor < 0, errno == EACCES, fchmodat(parent, name, 0o700, 0) == 0 {
            descriptor = openat(parent, name, flags)
        }
        guard descriptor >= 0 else { return nil }
        fchmod(descriptor, 0o700)
        guard let stream = fdopendir(descriptor) else {
            close(descriptor)
            return nil
        }
        return stream
    }

    /// The names, each with its zero, as bytes: they need not be UTF-8.
    private static func names(in stream: OpaquePointer) -> [[CChar]] {
        var names: [[CChar]] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { text in
                    Array(UnsafeBufferPointer(start: text, count: strlen(text) + 1))
                }
            }
            if name != [dot, 0], name != [dot, dot, 0] { names.append(name) }
        }
        return names
    }

    private static let dot = CChar(UInt8(ascii: "."))
}
