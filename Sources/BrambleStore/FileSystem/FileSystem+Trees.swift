internal import Glibc

extension FileSystem {
    /// Opens a directory for the time of a call.
    func withDirectory<Result>(
        _ place: Place, _ body: (Descriptor) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        let descriptor = try open(place, .directory)
        defer { close(descriptor) }
        return try body(descriptor)
    }

    /// Makes a directory unless it is there.
    func ensureDirectory(_ place: Place, permissions: UInt32) throws(StoreError) {
        do throws(StoreError) {
            try makeDirectory(place, permissions: permissions)
        } catch {
            guard error.errorNumber == EEXIST else { throw error }
        }
    }

    /// Removes a file, or a directory with all that is in it; nothing if there is nothing.
    func removeTree(_ place: Place) throws(StoreError) {
        guard let status = try status(at: place) else { return }
        guard status.kind == .directory else {
            try removeFile(place)
            return
        }
        try removeDirectoryTree(place)
    }

    /// Removes a directory with all that is in it.
    func removeDirectoryTree(_ place: Place) throws(StoreError) {
        // Directories to empty, each behind the one that holds it.
        var pending = [""]
        var emptied: [String] = []
        while let path = pending.popLast() {
            emptied.append(path)
            let inner = try withDirectory(place.appending(path)) { (folder) throws(StoreError) in
                try removeFiles(in: folder)
            }
            pending += inner.map { joined(path, $0) }
        }
        for path in emptied.reversed() {
            try removeDirectory(place.appending(path))
        }
    }

    /// - Returns: The names of the directories, which are left.
    private func removeFiles(in folder: Descriptor) throws(StoreError) -> [String] {
        var directories: [String] = []
        var isWritable = false
        for bytes in try names(in: folder) {
            // A name that is not UTF-8 cannot have been made by the store, and is not removed by
            // it.
            let name = String(decoding: bytes, as: UTF8.self)
            do throws(StoreError) {
                // Directories of objects are read-only; that is changed where it is in the way.
                do throws(StoreError) {
                    try removeFile(Place(folder, name))
                } catch {
                    guard error.errorNumber == EACCES, !isWritable else { throw error }
                    try setPermissions(folder, 0o700)
                    isWritable = true
                    try removeFile(Place(folder, name))
                }
            } catch {
                guard error.errorNumber == EISDIR else { throw error }
                directories.append(name)
            }
        }
        // Directories in it are removed later, and are in the way themselves.
        if !directories.isEmpty, !isWritable { try setPermissions(folder, 0o700) }
        return directories
    }

    /// Reads a whole file, which is expected to be small.
    package func contents(of place: Place, limitBytes: Int) throws(StoreError) -> [UInt8] {
        let descriptor = try open(place, .read)
        defer { close(descriptor) }
        let size = try status(of: descriptor).sizeBytes
        guard size <= limitBytes else {
            throw StoreError(.malformed, "`\(place.path)` is larger than \(limitBytes) bytes")
        }
        var bytes = [UInt8](repeating: 0, count: size)
        var filled = 0
        while filled < size {
            let count = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(StoreError) in
                try read(
                    descriptor,
                    into: UnsafeMutableRawBufferPointer(
                        UnsafeMutableBufferPointer(rebasing: buffer[filled...])))
            }
            if count == 0 { break }
            filled += count
        }
        return Array(bytes.prefix(filled))
    }

    /// Writes a file so that others see it whole or not at all.
    func replaceFile(
        _ place: Place, with bytes: [UInt8], draft: Place
    ) throws(StoreError) {
        let descriptor = try open(draft, .create(0o600))
        defer { close(descriptor) }
        try bytes.withUnsafeBufferPointer { (bytes) throws(StoreError) in
            try write(descriptor, UnsafeRawBufferPointer(bytes))
        }
        try rename(draft, to: place)
    }
}
