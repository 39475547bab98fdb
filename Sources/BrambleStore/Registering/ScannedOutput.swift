/// A copied output, and which names are in it anywhere.
struct ScannedOutput {
    var tree: CopiedTree
    /// Numbers of names.
    private(set) var names: Set<Int> = []
    /// Numbers of names that have to be replaced.
    private(set) var replacedNames: Set<Int> = []
    private(set) var pathWithPlaceholder: String?

    init(_ tree: CopiedTree, _ scan: NameScan) {
        self.tree = tree
        for folder in tree.folders {
            for file in folder.files { names.formUnion(file.found.numbers) }
            for symlink in folder.symlinks {
                for hit in ScannedOutput.hits(symlink.target, scan) { names.insert(hit.name) }
            }
            lookAt(folder.walked.name, path: folder.walked.path, scan)
            for name in folder.walked.files.map(\.name) + folder.symlinks.map(\.name) {
                lookAt(name, path: joined(folder.walked.path, name), scan)
            }
        }
        replacedNames = names.filter(scan.replaced.contains)
    }

    private mutating func lookAt(_ fileName: String, path: String, _ scan: NameScan) {
        for hit in ScannedOutput.hits(fileName, scan) {
            names.insert(hit.name)
            if scan.replaced.contains(hit.name) { pathWithPlaceholder = path }
        }
    }

    static func hits(_ text: String, _ scan: NameScan) -> [(offset: Int, name: Int)] {
        guard text.utf8.count >= NameScanner.length else { return [] }
        var text = text
        return text.withUTF8 { scan.hits(in: UnsafeRawBufferPointer($0)) }
    }
}
