import BrambleModel
import BrambleStore

/// The root file system of a sandbox as a tree of digests: what is in the store goes in by the digest
/// it has there, and only the few directories above are made (REAPI v2, `Action.input_root_digest`).
struct InputRoot {
    enum Node {
        case file(Digest, isExecutable: Bool)
        case symlink(String)
        /// A directory that is known by its digest, with all that is in it.
        case tree(Digest)
        case directory([String: Node])
    }

    private var entries: [String: Node] = [:]

    /// Deeper than any path of a sandbox.
    private static let maximumDepth = 64

    /// Puts something at a path, and makes the directories above it.
    ///
    /// - Parameter path: Relative; `/` between the names.
    /// - Throws: `malformed` if something else is there, or above.
    mutating func add(_ node: Node, at path: String) throws(StoreError) {
        let names = path.split(separator: "/").map(String.init)
        guard !names.isEmpty, names.count <= InputRoot.maximumDepth,
            !names.contains("."), !names.contains("..")
        else { throw StoreError(.malformed, "`/\(path)` is no place in a sandbox") }
        try InputRoot.insert(node, names[...], &entries, path)
    }

    private static func insert(
        _ node: Node, _ names: ArraySlice<String>, _ entries: inout [String: Node], _ path: String
    ) throws(StoreError) {
        let name = names[names.startIndex]
        let rest = names.dropFirst()
        guard !rest.isEmpty else {
            // A directory that is to be there may be there already.
            if case .directory(let wanted) = node, wanted.isEmpty, isDirectory(entries[name]) {
                return
            }
            guard entries[name] == nil else { throw taken(path) }
            entries[name] = node
            return
        }
        var inner: [String: Node] = [:]
        switch entries[name] {
        case nil: break
        case .directory(let known): inner = known
        case .file, .symlink, .tree: throw taken(path)
        }
        try insert(node, rest, &inner, path)
        entries[name] = .directory(inner)
    }

    private static func isDirectory(_ node: Node?) -> Bool {
        switch node {
        case .directory, .tree: true
        case .file, .symlink, nil: false
        }
    }

    private static func taken(_ path: String) -> StoreError {
        StoreError(.malformed, "there is something else in the way of `/\(path)` in the sandbox")
    }

    /// Adds a tree that has to have a directory at a path in it, which is made if it has not.
    mutating func add(
        _ tree: Tree, with directory: String?, at path: String
    ) throws(StoreError) {
        guard let directory else { return try add(.tree(tree.root), at: path) }
        let names = directory.split(separator: "/").map(String.init)
        try add(InputRoot.opened(tree, tree.root, names[...]), at: path)
    }

    /// A directory of a tree, taken apart along a path.
    private static func opened(
        _ tree: Tree, _ digest: Digest, _ names: ArraySlice<String>
    ) throws(StoreError) -> Node {
        guard let name = names.first, let directory = tree.directories[digest] else {
            return .tree(digest)
        }
        var entries: [String: Node] = [:]
        for file in directory.files {
            entries[file.name] = .file(file.digest, isExecutable: file.isExecutable)
        }
        for symlink in directory.symlinks { entries[symlink.name] = .symlink(symlink.target) }
        for child in directory.directories { entries[child.name] = .tree(child.digest) }
        switch entries[name] {
        case .tree(let child): entries[name] = try opened(tree, child, names.dropFirst())
        case nil:
            var made = Node.directory([:])
            for name in names.dropFirst().reversed() { made = .directory([name: made]) }
            entries[name] = made
        case .file, .symlink, .directory:
            throw StoreError(
                .unsupported,
                "the builder cannot start in a directory that is no directory among the sources: "
                    + "`\(name)`")
        }
        return .directory(entries)
    }

    /// The directories that were made, as contents, and the digest of the root.
    func encoded() -> (root: Digest, contents: [BlobContent]) {
        var contents: [BlobContent] = []
        let root = InputRoot.encode(entries, &contents)
        return (root, contents)
    }

    private static func encode(
        _ entries: [String: Node], _ contents: inout [BlobContent]
    ) -> Digest {
        var files: [Directory.File] = []
        var directories: [Directory.Subdirectory] = []
        var symlinks: [Directory.Symlink] = []
        for (name, node) in entries {
            switch node {
            case .file(let digest, let isExecutable):
                files.append(.init(name: name, digest: digest, isExecutable: isExecutable))
            case .symlink(let target): symlinks.append(.init(name: name, target: target))
            case .tree(let digest): directories.append(.init(name: name, digest: digest))
            case .directory(let inner):
                directories.append(.init(name: name, digest: encode(inner, &contents)))
            }
        }
        let directory = Directory(files: files, directories: directories, symlinks: symlinks)
        let content = BlobContent(directory.encoded)
        contents.append(content)
        return content.digest
    }
}
