internal import BrambleModel
internal import BrambleREAPI

/// All blobs that a result refers to, those that its trees refer to among them.
struct ResultReferences {
    private let folder: CacheFolder
    private var digests: Set<Digest> = []
    /// Those of them that are not in the storage, sorted. What is there counts as used now.
    private(set) var missing: [Digest] = []

    private let levels: Int

    /// Whose word the paths of a result are.
    enum Author {
        /// Anybody's: nothing may be above the directory that the action started in.
        case client
        /// Our own: the outputs were checked to be below the root of the action, and may be above that
        /// directory.
        case server
    }

    /// As deep as the working directory of any action that was run can have been: REAPI's paths are short.
    private static let maximumLevels = 1_000

    /// - Throws: `malformed` for what breaks the API's rules: paths that lead out of their root, digests that are
    ///   none.
    init(
        of result: ActionResultMessage, by author: Author, in folder: CacheFolder
    ) throws {
        self.folder = folder
        levels = author == .server ? ResultReferences.maximumLevels : 0
        for file in result.outputFiles {
            try DirectoryCheck.check(path: file.path, "an output file", levels: levels)
            try add(file.digest)
        }
        let symlinks =
            result.outputSymlinks + result.outputFileSymlinks + result.outputDirectorySymlinks
        for symlink in symlinks {
            try DirectoryCheck.check(path: symlink.path, "an output's link", levels: levels)
        }
        if result.hasStdoutDigest { try add(result.stdoutDigest) }
        if result.hasStderrDigest { try add(result.stderrDigest) }
        for directory in result.outputDirectories { try add(directory) }
        missing = folder.missing(digests.sorted())
    }

    private mutating func add(_ message: DigestMessage) throws {
        guard let digest = Digest(message) else {
            throw CacheError(
                .malformed,
                "`\(message.hash.prefix(100))/\(message.sizeBytes)` in a result is no digest")
        }
        digests.insert(digest)
    }

    private mutating func add(_ directory: OutputDirectoryMessage) throws {
        // The empty path stands for the working directory itself.
        if !directory.path.isEmpty {
            try DirectoryCheck.check(path: directory.path, "an output directory", levels: levels)
        }
        if directory.hasTreeDigest { try add(treeAt: directory.treeDigest) }
        if directory.hasRootDirectoryDigest {
            try add(directoriesBelow: directory.rootDirectoryDigest)
        }
        guard directory.hasTreeDigest || directory.hasRootDirectoryDigest else {
            throw CacheError(.malformed, "the output directory `\(directory.path)` has no digest")
        }
    }

    private mutating func add(treeAt message: DigestMessage) throws {
        try add(message)
        guard let digest = Digest(message), folder.missing([digest]).isEmpty else { return }
        let tree: TreeMessage = try folder.readMessage(digest, "tree")
        for directory in [tree.root] + tree.children { try add(filesOf: directory) }
    }

    private mutating func add(directoriesBelow message: DigestMessage) throws {
        var pending = [message]
        while let next = pending.popLast() {
            let before = digests.count
            try add(next)
            guard digests.count > before, let digest = Digest(next),
                folder.missing([digest]).isEmpty
            else { continue }
            let directory: DirectoryMessage = try folder.readMessage(digest, "directory")
            try add(filesOf: directory)
            pending += directory.directories.map(\.digest)
        }
    }

    private mutating func add(filesOf directory: DirectoryMessage) throws {
        try DirectoryCheck.check(directory)
        for file in directory.files { try add(file.digest) }
    }
}
