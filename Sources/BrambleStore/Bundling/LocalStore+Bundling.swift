package import BrambleModel
internal import Glibc

extension LocalStore {
    /// Copies objects, with all that they refer to, out of the store, so that they run from another
    /// folder without it: the store's prefix in them is replaced by that folder's path and slashes,
    /// so that nothing moves in any file. In symlinks it is replaced without slashes.
    ///
    /// - Parameters:
    ///   - prefix: The folder that the objects will be in when they are used.
    ///   - directory: Where they are written: absolute; made, if it is not an empty directory. Each
    ///     object is a directory in it. Modes are 0644 and 0755, times those of the store.
    ///   - expand: Shows what is in compressed files, which are copied as they are.
    /// - Throws: `notFound`; `corrupt` if a file is not what it should be; failures of system calls:
    ///   `ENOTEMPTY` or `EEXIST` if something is in the place of the directory.
    package func bundle(
        _ names: [StoreName], at prefix: BundlePrefix, to directory: String,
        expand: @escaping CompressedFileExpander
    ) throws(StoreError) -> BundleReport {
        // Beside its place, and then renamed, so that it is there as a whole or not at all.
        let draft = Place("\(directory).\(getpid())-\(UInt32.random(in: 0...UInt32.max))")
        return try bundle(names, prefix, in: draft, expand) { () throws(StoreError) in
            try fileSystem.rename(draft, to: Place(directory))
        }
    }

    /// The same as a tar file, to be unpacked in the folder.
    ///
    /// - Parameter write: Takes the next bytes.
    package func archiveBundle(
        _ names: [StoreName], at prefix: BundlePrefix, expand: @escaping CompressedFileExpander,
        _ write: (UnsafeRawBufferPointer) throws(StoreError) -> Void
    ) throws(StoreError) -> BundleReport {
        let draft = session.newPlace()
        return try bundle(names, prefix, in: draft, expand) { () throws(StoreError) in
            try withoutActuallyEscaping(write) { (write) throws(StoreError) in
                var tar = TarWriter(write)
                for name in try findClosure(of: names) { try add(name, of: draft, to: &tar) }
                try tar.finish()
            }
            try fileSystem.removeTree(draft)
        }
    }

    /// - Parameters:
    ///   - draft: A place for the bundle; nothing is left there if this fails.
    ///   - finish: What is to be done with it when it is complete.
    private func bundle(
        _ names: [StoreName], _ prefix: BundlePrefix, in draft: Place,
        _ expand: @escaping CompressedFileExpander, finish: () throws(StoreError) -> Void
    ) throws(StoreError) -> BundleReport {
        do throws(StoreError) {
            let closure = try findClosure(of: names)
            try lease(closure)
            try fileSystem.makeDirectory(draft, permissions: BundledObject.folderPermissions)
            do throws(StoreError) {
                let report = try fill(draft, closure, prefix, expand)
                try finish()
                return report
            } catch {
                // The failure that led here says more than one of cleaning up.
                try? fileSystem.removeTree(draft)
                throw error
            }
        } catch {
            throw error.during("cannot bundle")
        }
    }

    private func fill(
        _ draft: Place, _ closure: [StoreName], _ prefix: BundlePrefix,
        _ expand: @escaping CompressedFileExpander
    ) throws(StoreError) -> BundleReport {
        let rewriting = PrefixRewriting(
            replacement: prefix.padded, names: NameScanner(closure.sorted()))
        var report = BundleReport()
        report.objects = closure
        for name in closure {
            let object = BundledObject(
                store: self, name: name, prefix: prefix, rewriting: rewriting, expand: expand)
            let (replaced, remnants) = try object.copy(to: draft.appending(name.description))
            report.replacedCount += replaced
            report.remnants += remnants
        }
        // The umask may have taken something away.
        try fileSystem.withDirectory(draft) { (folder) throws(StoreError) in
            try fileSystem.setPermissions(folder, BundledObject.folderPermissions)
        }
        return report
    }

    private func add(
        _ name: StoreName, of draft: Place, to tar: inout TarWriter
    ) throws(StoreError) {
        var folders: [(path: String, directory: Directory)] = []
        try readTree(of: name).forEachDirectory {
            folders.append(($0.isEmpty ? "\(name)" : "\(name)/\($0)", $1))
        }
        let buffer = BlockBuffer()
        for (path, directory) in folders {
            try tar.begin(path + "/", .directory)
            for file in directory.files {
                let place = joined(path, file.name)
                try tar.begin(
                    place,
                    .file(sizeBytes: file.digest.sizeBytes, isExecutable: file.isExecutable))
                let descriptor = try fileSystem.open(draft.appending(place), .read)
                defer { fileSystem.close(descriptor) }
                var reader = BlockReader(fileSystem, descriptor, buffer)
                try reader.forEachBlock { (block) throws(StoreError) in
                    try tar.append(UnsafeRawBufferPointer(block.bytes))
                }
            }
            for link in directory.symlinks {
                let place = joined(path, link.name)
                let target = try fileSystem.readLink(draft.appending(place))
                try tar.begin(place, .symlink(target: String(decoding: target, as: UTF8.self)))
            }
        }
    }
}
