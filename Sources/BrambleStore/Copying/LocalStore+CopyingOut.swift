package import BrambleModel

extension LocalStore {
    /// Copies an object out of the store, as files that may be changed: for builds to work on.
    /// Modes are 0644 and 0755, all times the same.
    ///
    /// - Parameters:
    ///   - directory: Absolute; an empty directory.
    ///   - seconds: The times of all files, in seconds since 1970.
    /// - Throws: `notFound` if the store does not have the object.
    package func copyOut(
        _ name: StoreName, to directory: String, modifiedAt seconds: Int
    ) throws(StoreError) {
        let operation = "cannot copy `\(name)`"
        do throws(StoreError) {
            let tree = try readTree(of: name)
            let source = Place(diskPath(of: name))
            let target = Place(directory)
            var folders: [(path: String, directory: Directory)] = []
            tree.forEachDirectory { folders.append(($0, $1)) }
            for (path, _) in folders where !path.isEmpty {
                try fileSystem.makeDirectory(target.appending(path), permissions: 0o755)
            }
            let copies = folders
            try workers.forEach(
                copies.count, makeState: { BlockBuffer() },
                { (number, buffer) throws(StoreError) in
                    let (path, directory) = copies[number]
                    try copyFiles(
                        of: directory, from: source.appending(path), to: target.appending(path),
                        seconds, buffer)
                })
            // What is made in a directory changes its time, so that comes last.
            for (path, _) in folders.reversed() {
                try fileSystem.setTimes(target.appending(path), seconds: seconds)
            }
        } catch {
            throw error.during(operation)
        }
    }

    private func copyFiles(
        of directory: Directory, from source: Place, to target: Place, _ seconds: Int,
        _ buffer: BlockBuffer
    ) throws(StoreError) {
        try fileSystem.withDirectory(source) { (from) throws(StoreError) in
            try fileSystem.withDirectory(target) { (to) throws(StoreError) in
                for file in directory.files {
                    try copy(file, from: from, to: to, seconds, buffer)
                }
                for link in directory.symlinks {
                    let place = Place(to, link.name)
                    try fileSystem.makeSymlink(to: link.target, at: place)
                    try fileSystem.setTimes(place, seconds: seconds)
                }
            }
        }
    }

    private func copy(
        _ file: Directory.File, from source: Descriptor, to target: Descriptor, _ seconds: Int,
        _ buffer: BlockBuffer
    ) throws(StoreError) {
        let original = try fileSystem.open(Place(source, file.name), .read)
        defer { fileSystem.close(original) }
        let copy = try fileSystem.open(Place(target, file.name), .create(0o644))
        defer { fileSystem.close(copy) }
        do throws(StoreError) {
            try fileSystem.clone(original, to: copy)
        } catch {
            // Not every file system shares blocks; then the bytes are copied.
            var reader = BlockReader(fileSystem, original, buffer)
            try reader.forEachBlock { (block) throws(StoreError) in
                try fileSystem.write(copy, UnsafeRawBufferPointer(block.bytes))
            }
        }
        try fileSystem.setPermissions(copy, file.isExecutable ? 0o755 : 0o644)
        try fileSystem.setTimes(copy, seconds: seconds)
    }
}
