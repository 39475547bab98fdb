internal import BrambleModel

extension WalkedTree {
    /// What there is at one path.
    enum Entry {
        case file(FileStatus)
        case symlink(target: String)
        case directory
    }

    /// Only some files of a directory, with the directories that they are in. A path of a directory
    /// stands for it alone, not for what it holds.
    ///
    /// - Throws: `notFound` for a path that is not there; `unsupported`.
    init(
        _ fileSystem: any FileSystem, _ place: Place, paths: [RelativePath]
    ) throws(StoreError) {
        self.init()
        var numbers: [RelativePath: Int] = [:]
        for path in Set(paths).sorted() {
            add(path, try WalkedTree.entry(fileSystem, place, path), &numbers)
        }
    }

    /// A part of what was walked before.
    ///
    /// - Precondition: All paths are among the entries.
    init(paths: [RelativePath], entries: [RelativePath: Entry]) {
        self.init()
        var numbers: [RelativePath: Int] = [:]
        for path in Set(paths).sorted() {
            guard let entry = entries[path] else {
                preconditionFailure("a path that was not walked")
            }
            add(path, entry, &numbers)
        }
    }

    /// All that was walked, by path.
    var entries: [RelativePath: Entry] {
        var entries: [RelativePath: Entry] = [:]
        func add(_ folder: Folder, _ name: String, _ entry: Entry) {
            entries[WalkedTree.path(joined(folder.path, name))] = entry
        }
        for folder in folders {
            if !folder.path.isEmpty { entries[WalkedTree.path(folder.path)] = .directory }
            for file in folder.files { add(folder, file.name, .file(file.status)) }
            for link in folder.symlinks { add(folder, link.name, .symlink(target: link.target)) }
        }
        return entries
    }

    private static func entry(
        _ fileSystem: any FileSystem, _ place: Place, _ path: RelativePath
    ) throws(StoreError) -> Entry {
        let file = place.appending(path.description)
        guard let status = try fileSystem.status(at: file) else {
            throw StoreError(.notFound, "there is no `\(path)`")
        }
        switch status.kind {
        case .directory: return .directory
        case .regular: return .file(status)
        case .symlink:
            guard
                let target = String(validating: try fileSystem.readLink(file), as: UTF8.self)
            else {
                throw StoreError(
                    .unsupported, "the target of the symlink `\(path)` is not UTF-8")
            }
            return .symlink(target: target)
        case .other:
            throw StoreError(
                .unsupported,
                "`\(path)` is a device, socket or FIFO, which the store cannot hold")
        }
    }

    private mutating func add(
        _ path: RelativePath, _ entry: Entry, _ numbers: inout [RelativePath: Int]
    ) {
        let parent = addFolders(above: path, &numbers)
        let name = path.components.last ?? ""
        switch entry {
        case .directory: addFolder(path, name, in: parent, &numbers)
        case .file(let status): append(File(name: name, status: status), to: parent)
        case .symlink(let target):
            append(Directory.Symlink(name: name, target: target), to: parent)
        }
    }

    /// - Returns: The number of the directory that the file is in.
    private mutating func addFolders(
        above path: RelativePath, _ numbers: inout [RelativePath: Int]
    ) -> Int {
        var parent = 0
        var inner = ""
        for component in path.components.dropLast() {
            inner = joined(inner, component)
            parent = addFolder(WalkedTree.path(inner), component, in: parent, &numbers)
        }
        return parent
    }

    @discardableResult
    private mutating func addFolder(
        _ path: RelativePath, _ name: String, in parent: Int, _ numbers: inout [RelativePath: Int]
    ) -> Int {
        if let number = numbers[path] { return number }
        let number = append(Folder(name: name, path: path.description), to: parent)
        numbers[path] = number
        return number
    }

    /// - Parameter text: Made of components of paths.
    private static func path(_ text: String) -> RelativePath {
        guard let path = try? RelativePath(text) else {
            preconditionFailure("a path whose beginning is none")
        }
        return path
    }
}

extension RelativePath {
    fileprivate var components: [String] {
        description.utf8.split(separator: UInt8(ascii: "/")).map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}
