/// What a directory on disk holds, before any file of it is read.
struct WalkedTree: Sendable {
    struct File: Sendable {
        let name: String
        let status: FileStatus
    }

    struct Folder: Sendable {
        /// The last component of the path.
        let name: String
        /// From the root; empty for the root itself.
        let path: String
        var files: [File] = []
        /// Numbers of folders.
        var folders: [Int] = []
        var symlinks: [Directory.Symlink] = []
    }

    /// Parents before children, the root first.
    private(set) var folders: [Folder]

    /// An empty directory.
    init() {
        folders = [Folder(name: "", path: "")]
    }

    /// Reads what a directory holds, on all cores.
    ///
    /// - Parameters:
    ///   - place: A directory.
    ///   - name: What messages call it.
    /// - Throws: `unsupported` for what no tree can hold; failures of system calls.
    init(
        _ fileSystem: any FileSystem, _ place: Place, name: String,
        workers: Workers = .standard
    ) throws(StoreError) {
        self.init()
        let root = try fileSystem.open(place, .directory)
        defer { fileSystem.close(root) }
        // The directories of one level after the other.
        var level = 0..<1
        while !level.isEmpty {
            let paths = folders[level].map(\.path)
            // For a few, another thread costs more than it saves.
            let threads = Workers(count: min(workers.count, max(1, paths.count / 8)))
            let listings = try threads.map(
                paths.count, makeState: {},
                { (number, _) throws(StoreError) in
                    try WalkedTree.list(fileSystem, root, paths[number], rootName: name)
                })
            let end = level.upperBound
            for (number, listing) in zip(level, listings) { add(listing, to: number) }
            level = end..<folders.count
        }
    }

    /// What one directory holds.
    private struct Listing: Sendable {
        var files: [File] = []
        var folders: [String] = []
        var symlinks: [Directory.Symlink] = []
    }

    private mutating func add(_ listing: Listing, to number: Int) {
        folders[number].files = listing.files
        folders[number].symlinks = listing.symlinks
        for name in listing.folders {
            _ = append(Folder(name: name, path: joined(folders[number].path, name)), to: number)
        }
    }

    mutating func append(_ file: File, to folder: Int) { folders[folder].files.append(file) }

    mutating func append(_ symlink: Directory.Symlink, to folder: Int) {
        folders[folder].symlinks.append(symlink)
    }

    /// - Returns: The new folder's number.
    mutating func append(_ child: Folder, to folder: Int) -> Int {
        folders.append(child)
        folders[folder].folders.append(folders.count - 1)
        return folders.count - 1
    }

    private static func list(
        _ fileSystem: any FileSystem, _ root: Descriptor, _ path: String, rootName: String
    ) throws(StoreError) -> Listing {
        do throws(StoreError) {
            if path.isEmpty { return try list(fileSystem, root) }
            return try fileSystem.withDirectory(Place(root, path)) {
                (folder) throws(StoreError) in try list(fileSystem, folder)
            }
        } catch {
            throw error.code == .unsupported
                ? error.during(
                    "cannot store `\(path.isEmpty ? rootName : joined(rootName, path))`")
                : error
        }
    }

    private static func list(
        _ fileSystem: any FileSystem, _ folder: Descriptor
    ) throws(StoreError) -> Listing {
        var listing = Listing()
        // The order in which a file system has them is nobody's.
        for bytes in try fileSystem.names(in: folder).sorted(by: { $0.precedes($1) }) {
            guard let name = String(validating: bytes, as: UTF8.self) else {
                throw StoreError(
                    .unsupported, "the name `\(escaped(bytes))` in it is not UTF-8")
            }
            let place = Place(folder, name)
            // What has gone since the directory was read was never there.
            guard let status = try fileSystem.status(at: place) else { continue }
            switch status.kind {
            case .regular: listing.files.append(File(name: name, status: status))
            case .symlink:
                let target = try fileSystem.readLink(place)
                guard let target = String(validating: target, as: UTF8.self) else {
                    throw StoreError(
                        .unsupported, "the target of the symlink `\(name)` in it is not UTF-8")
                }
                listing.symlinks.append(Directory.Symlink(name: name, target: target))
            case .directory: listing.folders.append(name)
            case .other:
                throw StoreError(
                    .unsupported,
                    "`\(name)` in it is a device, socket or FIFO, which the store cannot hold")
            }
        }
        return listing
    }

    /// Bytes for a message: what is not ASCII, or not visible, in hexadecimal.
    private static func escaped(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            (0x20..<0x7F).contains(byte)
                ? String(UnicodeScalar(byte)) : "\\x" + String(byte, radix: 16)
        }.joined()
    }
}
