internal import BrambleModel

extension WalkedTree {
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
            let file = place.appending(path.description)
            guard let status = try fileSystem.status(at: file) else {
                throw StoreError(.notFound, "there is no `\(path)`")
            }
            let parent = addFolders(above: path, &numbers)
            let name = path.components.last ?? ""
            switch status.kind {
            case .directory: addFolder(path, name, in: parent, &numbers)
            case .regular: append(File(name: name, status: status), to: parent)
            case .symlink:
                guard
                    let target = String(
                        validating: try fileSystem.readLink(file), as: UTF8.self)
                else {
                    throw StoreError(
                        .unsupported, "the target of the symlink `\(path)` is not UTF-8")
                }
                append(Directory.Symlink(name: name, target: target), to: parent)
            case .other:
                throw StoreError(
                    .unsupported,
                    "`\(path)` is a device, socket or FIFO, which the store cannot hold")
            }
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
            guard let folder = try? RelativePath(inner) else {
                preconditionFailure("a path whose beginning is none")
            }
            parent = addFolder(folder, component, in: parent, &numbers)
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
}

extension RelativePath {
    fileprivate var components: [String] {
        description.utf8.split(separator: UInt8(ascii: "/")).map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}
