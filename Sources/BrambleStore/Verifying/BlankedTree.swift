internal import BrambleModel

/// A tree with blanks wherever it holds the name of the object that it is: what the name follows
/// from.
struct BlankedTree {
    let name: StoreName

    /// - Parameters:
    ///   - own: The name to look for in symlinks.
    ///   - files: All files that hold it.
    init(_ tree: Tree, own: StoreName, _ files: [FileCheck.OwnName]) {
        var references = files.flatMap { file in
            file.offsets.map { SelfReference(path: file.path, offset: $0) }
        }
        let digests = Dictionary(
            files.map { (Array($0.path.utf8), $0.blankDigest) },
            uniquingKeysWith: { first, _ in first })
        let scan = NameScan(scanner: NameScanner([own]), replaced: 0..<1)
        // By path, since equal directories need not stay equal: children are looked up by their
        // parents.
        var blanked: [[UInt8]: Digest] = [:]
        var folders: [(path: String, directory: Directory)] = []
        tree.forEachDirectory { folders.append(($0, $1)) }
        for (path, directory) in folders.reversed() {
            var directory = directory
            for index in directory.files.indices {
                let file = joined(path, directory.files[index].name)
                if let digest = digests[Array(file.utf8)] { directory.files[index].digest = digest }
            }
            for index in directory.directories.indices {
                let child = joined(path, directory.directories[index].name)
                if let digest = blanked[Array(child.utf8)] {
                    directory.directories[index].digest = digest
                }
            }
            for index in directory.symlinks.indices {
                let symlink = directory.symlinks[index]
                for hit in ScannedOutput.hits(symlink.target, scan) {
                    references.append(
                        SelfReference(path: joined(path, symlink.name), offset: hit.offset))
                    directory.symlinks[index].target = BlankedTree.blanked(
                        directory.symlinks[index].target, at: hit.offset)
                }
            }
            blanked[Array(path.utf8)] = directory.digest
        }
        name = StoreName(tree: blanked[[]] ?? tree.root, selfReferences: references)
    }

    private static func blanked(_ text: String, at offset: Int) -> String {
        var bytes = Array(text.utf8)
        bytes.replaceSubrange(offset..<offset + StoreName.length, with: StoreName.blank)
        return String(decoding: bytes, as: UTF8.self)
    }
}
