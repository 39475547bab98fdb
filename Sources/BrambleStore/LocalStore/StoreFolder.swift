internal import Glibc

/// The folder that a store is in, with the folders in it open (docs/store-format.md, "On disk").
final class StoreFolder: Sendable {
    /// Absolute, without a slash at the end.
    let path: String
    let fileSystem: any FileSystem
    let root: Descriptor
    /// `store/`: the objects.
    let objects: Descriptor
    let blobs: Descriptor
    let temporary: Descriptor
    let locks: Descriptor
    let roots: Descriptor
    let builds: Descriptor

    private static let formatFile = "format"
    private static let format = Array("bramble-store 1\n".utf8)

    /// Opens the store in a folder, and makes it if there is none.
    init(_ path: String, _ fileSystem: any FileSystem) throws(StoreError) {
        self.path = path
        self.fileSystem = fileSystem
        try StoreFolder.makeParents(of: path, fileSystem)
        root = try fileSystem.open(Place(path), .directory)
        var opened = [root]
        do throws(StoreError) {
            if try !StoreFolder.isComplete(root, fileSystem) {
                try StoreFolder.fill(root, fileSystem)
            }
            for name in StoreFolder.names {
                opened.append(try fileSystem.open(Place(root, name), .directory))
            }
        } catch {
            for descriptor in opened { fileSystem.close(descriptor) }
            throw error.during("cannot open the store `\(path)`")
        }
        (objects, blobs, temporary) = (opened[1], opened[2], opened[3])
        (locks, roots, builds) = (opened[4], opened[5], opened[6])
    }

    deinit {
        for descriptor in [root, objects, blobs, temporary, locks, roots, builds] {
            fileSystem.close(descriptor)
        }
    }

    private static let names = ["store", "blobs", "tmp", "locks", "roots", "builds"]

    private static func makeParents(
        of path: String, _ fileSystem: any FileSystem
    ) throws(StoreError) {
        guard path.hasPrefix("/") else {
            throw StoreError(.malformed, "the store's path `\(path)` is not absolute")
        }
        do throws(StoreError) {
            if try fileSystem.status(at: Place(path)) != nil { return }
            var parent = ""
            for component in path.split(separator: "/") {
                parent += "/\(component)"
                guard try fileSystem.status(at: Place(parent)) == nil else { continue }
                try fileSystem.ensureDirectory(Place(parent), permissions: 0o700)
            }
        } catch {
            throw error.during("cannot make the store `\(path)`")
        }
    }

    private static func isComplete(
        _ root: Descriptor, _ fileSystem: any FileSystem
    ) throws(StoreError) -> Bool {
        let place = Place(root, formatFile)
        guard try fileSystem.status(at: place) != nil else { return false }
        guard try fileSystem.contents(of: place, limitBytes: 4096) == format else {
            throw StoreError(.incompatible, "its format is another version's")
        }
        return true
    }

    /// Makes all that is missing; the file that says that nothing is comes last.
    private static func fill(
        _ root: Descriptor, _ fileSystem: any FileSystem
    ) throws(StoreError) {
        let known = Set(names + [formatFile])
        let found = try fileSystem.names(in: root).map { String(decoding: $0, as: UTF8.self) }
        guard found.allSatisfy({ known.contains($0) || $0.hasPrefix(formatFile) }) else {
            throw StoreError(.incompatible, "the folder is not empty, and no store")
        }
        try fileSystem.setPermissions(root, 0o700)
        for name in names {
            try fileSystem.ensureDirectory(Place(root, name), permissions: 0o700)
        }
        for number in 0..<256 {
            try fileSystem.ensureDirectory(
                Place(root, "blobs/\(Blob.folderName(number))"), permissions: 0o700)
        }
        let draft = "\(formatFile).\(getpid()).\(UInt32.random(in: 0...UInt32.max))"
        try fileSystem.replaceFile(
            Place(root, formatFile), with: format, draft: Place(root, draft))
    }
}
