internal import BrambleModel

/// Reads a tree that is on disk, on all cores: what it holds, and which names are in it.
struct TreeReader {
    struct Content: Sendable {
        var tree: Tree
        /// Files with the name numbered 0.
        var ownNames: [FileCheck.OwnName] = []
        /// Numbers of all names found.
        var names: Set<Int> = []
    }

    let fileSystem: any FileSystem
    let workers: Workers
    let scan: NameScan

    func read(_ walked: WalkedTree, _ place: Place) throws(StoreError) -> Content {
        let folders = walked.folders
        let read = try workers.map(
            folders.count, makeState: { BlockBuffer() },
            { (number, buffer) throws(StoreError) in
                try fileSystem.withDirectory(place.appending(folders[number].path)) {
                    (descriptor) throws(StoreError) in
                    var files: [FileContent] = []
                    for file in folders[number].files {
                        files.append(
                            try FileContent(
                                fileSystem, Place(descriptor, file.name), buffer, scan))
                    }
                    return files
                }
            })
        var content = Content(tree: .empty)
        var copied: [CopiedTree.Folder] = []
        for (folder, files) in zip(folders, read) {
            for (file, bytes) in zip(folder.files, files) {
                content.names.formUnion(bytes.names)
                guard let blank = bytes.blankDigest else { continue }
                content.ownNames.append(
                    FileCheck.OwnName(
                        path: joined(folder.path, file.name), offsets: bytes.ownOffsets,
                        blankDigest: blank))
            }
            for text in folder.symlinks.map(\.target) + folder.symlinks.map(\.name)
                + folder.files.map(\.name) + [folder.name]
            {
                for hit in ScannedOutput.hits(text, scan) { content.names.insert(hit.name) }
            }
            copied.append(
                CopiedTree.Folder(
                    walked: folder,
                    files: zip(folder.files, files).map { file, bytes in
                        CopiedFile(
                            digest: bytes.digest, isExecutable: file.status.isExecutable,
                            found: FoundNames())
                    }))
        }
        content.tree = CopiedTree(place: place, folders: copied).tree()
        return content
    }
}
