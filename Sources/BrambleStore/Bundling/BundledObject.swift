internal import BrambleModel

/// One object on its way into a bundle.
struct BundledObject {
    let store: LocalStore
    let name: StoreName
    let prefix: BundlePrefix
    let rewriting: PrefixRewriting
    let expand: CompressedFileExpander

    static let folderPermissions: UInt32 = 0o755

    private struct Copied: Sendable {
        var replacedCount = 0
        var remnants: [BundleRemnant] = []
    }

    private var fileSystem: any FileSystem { store.fileSystem }

    /// - Parameter target: Is made, and must not be there.
    func copy(
        to target: Place
    ) throws(StoreError) -> (replacedCount: Int, remnants: [BundleRemnant]) {
        let tree = try store.readTree(of: name)
        var folders: [(path: String, directory: Directory)] = []
        tree.forEachDirectory { folders.append(($0, $1)) }
        for (path, _) in folders {
            try fileSystem.makeDirectory(target.appending(path), permissions: 0o755)
        }
        let all = folders
        let copied = try store.workers.map(
            all.count, makeState: { BundledFile(fileSystem, rewriting) },
            { (number, copier) throws(StoreError) in
                try copy(all[number].directory, all[number].path, to: target, copier)
            })
        // What is made in a directory changes its time, so that comes last.
        for (path, _) in folders.reversed() {
            let place = target.appending(path)
            try fileSystem.withDirectory(place) { (folder) throws(StoreError) in
                try fileSystem.setPermissions(folder, BundledObject.folderPermissions)
                try fileSystem.setTimes(folder, seconds: StoreTime.seconds)
            }
        }
        return (
            copied.reduce(0) { $0 + $1.replacedCount }, copied.flatMap(\.remnants)
        )
    }

    private func copy(
        _ directory: Directory, _ path: String, to target: Place, _ copier: BundledFile
    ) throws(StoreError) -> Copied {
        var copied = Copied()
        let source = Place(store.folder.objects, name.description)
        for file in directory.files {
            let place = joined(path, file.name)
            let from = source.appending(place)
            let hidden = try remnants(in: from, place)
            let isVerbatim = hidden.map { $0.allSatisfy { $0.kind != .unreadable } } ?? false
            let findings = try copier.copy(
                from, file, to: target.appending(place), isVerbatim: isVerbatim)
            copied.replacedCount += findings.replacedCount
            copied.remnants += (hidden ?? []) + findings.remnants.map { remnant($0, place) }
        }
        for link in directory.symlinks {
            let place = joined(path, link.name)
            let (text, count) = replaced(link.target)
            try fileSystem.makeSymlink(to: text, at: target.appending(place))
            try fileSystem.setTimes(target.appending(place), seconds: StoreTime.seconds)
            copied.replacedCount += count
        }
        return copied
    }

    private func remnant(
        _ found: (offset: Int, kind: BundleRemnant.Kind), _ path: String
    ) -> BundleRemnant {
        BundleRemnant(object: name, path: path, offset: found.offset, kind: found.kind)
    }

    /// - Returns: What a compressed file hides; nil for one that is not compressed.
    private func remnants(
        in file: Place, _ path: String
    ) throws(StoreError) -> [BundleRemnant]? {
        guard CompressedFile.begins(try start(of: file)) else { return nil }
        var search = ExpandedSearch(rewriting)
        let isExpanded = expand("\(store.diskPath(of: name))/\(path)") {
            search.take($1, of: $0)
        }
        let unreadable: [(offset: Int, kind: BundleRemnant.Kind)] =
            isExpanded ? [] : [(0, .unreadable)]
        return (unreadable + search.found.map { ($0.offset, .compressed(member: $0.member)) })
            .map { remnant($0, path) }
    }

    private func start(of file: Place) throws(StoreError) -> [UInt8] {
        let descriptor = try fileSystem.open(file, .read)
        defer { fileSystem.close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: CompressedFile.magicBytes)
        let count = try bytes.withUnsafeMutableBufferPointer { (bytes) throws(StoreError) in
            try fileSystem.read(descriptor, into: UnsafeMutableRawBufferPointer(bytes), at: 0)
        }
        return Array(bytes.prefix(count))
    }

    /// A symlink's target, whose length nothing depends on.
    private func replaced(_ target: String) -> (text: String, count: Int) {
        let bytes = Array(target.utf8)
        let text = bytes.replacing(BundlePrefix.canonical, with: Array(prefix.path.utf8))
        return (
            String(decoding: text, as: UTF8.self), bytes.ranges(of: BundlePrefix.canonical).count
        )
    }
}
