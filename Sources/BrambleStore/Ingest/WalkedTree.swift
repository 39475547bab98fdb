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

    /// - Parameters:
    ///   - place: A directory.
    ///   - name: What messages call it.
    /// - Throws: `unsupported` for what no tree can hold; failures of system calls.
    init(
        _ fileSystem: any FileSystem, _ place: Place, name: String
    ) throws(StoreError) {
        folders = [Folder(name: "", path: "")]
        let root = try fileSystem.open(place, .directory)
        defer { fileSystem.close(root) }
        var next = 0
        while next < folders.count {
            let path = folders[next].path
            let descriptor =
                path.isEmpty ? root : try fileSystem.open(Place(root, path), .directory)
            defer { if !path.isEmpty { fileSystem.close(descriptor) } }
            do throws(StoreError) {
                try read(next, fileSystem, descriptor)
            } catch {
                throw error.code == .unsupported
                    ? error.during("cannot store `\(path.isEmpty ? name : joined(name, path))`")
                    : error
            }
            next += 1
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

    private mutating func read(
        _ number: Int, _ fileSystem: any FileSystem, _ descriptor: Descriptor
    ) throws(StoreError) {
        var folder = folders[number]
        for bytes in try fileSystem.names(in: descriptor) {
            guard let name = String(validating: bytes, as: UTF8.self) else {
                throw StoreError(
                    .unsupported, "the name `\(escaped(bytes))` in it is not UTF-8")
            }
            let place = Place(descriptor, name)
            // What has gone since the directory was read was never there.
            guard let status = try fileSystem.status(at: place) else { continue }
            switch status.kind {
            case .regular: folder.files.append(File(name: name, status: status))
            case .symlink:
                let target = try fileSystem.readLink(place)
                guard let target = String(validating: target, as: UTF8.self) else {
                    throw StoreError(
                        .unsupported, "the target of the symlink `\(name)` in it is not UTF-8")
                }
                folder.symlinks.append(Directory.Symlink(name: name, target: target))
            case .directory:
                folder.folders.append(folders.count)
                folders.append(Folder(name: name, path: joined(folder.path, name)))
            case .other:
                throw StoreError(
                    .unsupported,
                    "`\(name)` in it is a device, socket or FIFO, which the store cannot hold")
            }
        }
        folders[number] = folder
    }

    /// Bytes for a message: what is not ASCII, or not visible, in hexadecimal.
    private func escaped(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            (0x20..<0x7F).contains(byte)
                ? String(UnicodeScalar(byte)) : "\\x" + String(byte, radix: 16)
        }.joined()
    }
}
