internal import BrambleModel
internal import BrambleREAPI
internal import BrambleStore
internal import GRPCCore
internal import Glibc

/// Lays out an input root as files of this machine: copies, which the action may change as it likes.
struct InputStage {
    private let storage: CacheFolder
    private let root: Digest
    private var directories: [Digest: DirectoryMessage] = [:]

    /// Equal directories are one message and many folders: a small request could mean more than any disk has.
    private static let maximumEntries = 2_000_000
    private static let blockBytes = 1 << 20
    /// One time for all, as results must not depend on it.
    private static let fileTime = 1_321_009_871

    /// Reads all directories.
    ///
    /// - Throws: `MissingBlobs` with all that is missing; `malformed`.
    init(_ storage: CacheFolder, root: Digest) throws {
        self.storage = storage
        self.root = root
        var missing: Set<Digest> = []
        var files: Set<Digest> = []
        var pending = [root]
        while let digest = pending.popLast() {
            guard directories[digest] == nil, !missing.contains(digest) else { continue }
            guard storage.missing([digest]).isEmpty else {
                missing.insert(digest)
                continue
            }
            let directory: DirectoryMessage = try storage.readMessage(digest, "directory")
            try DirectoryCheck.check(directory)
            directories[digest] = directory
            for file in directory.files {
                files.insert(try Digest(required: file.digest, "the file `\(file.name)`"))
            }
            pending += try directory.directories.map {
                try Digest(required: $0.digest, "the directory `\($0.name)`")
            }
        }
        missing.formUnion(storage.missing(files.sorted()))
        guard missing.isEmpty else { throw MissingBlobs(digests: missing.sorted()) }
    }

    /// The names in the root.
    var rootNames: Set<String> {
        guard let directory = directories[root] else { return [] }
        return Set(
            directory.files.map(\.name) + directory.directories.map(\.name)
                + directory.symlinks.map(\.name))
    }

    /// Makes everything but what has one of some names in the root.
    ///
    /// - Parameter path: An empty folder that nobody else writes to.
    func lay(out path: String, without reserved: Set<String>) throws {
        var pending = [(digest: root, path: path)]
        var count = 0
        while let next = pending.popLast() {
            guard let directory = directories[next.digest] else {
                preconditionFailure("all directories were read")
            }
            count += directory.files.count + directory.directories.count + directory.symlinks.count
            guard count <= InputStage.maximumEntries else {
                throw RequestError(
                    .invalidArgument,
                    "the input root has more than \(InputStage.maximumEntries) files and directories"
                )
            }
            let skips = next.path == path ? reserved : []
            for file in directory.files where !skips.contains(file.name) {
                try copy(file, to: "\(next.path)/\(file.name)")
            }
            for link in directory.symlinks where !skips.contains(link.name) {
                let place = "\(next.path)/\(link.name)"
                guard symlink(link.target, place) == 0 else {
                    throw CacheError(call: "symlink", path: place)
                }
            }
            for child in directory.directories where !skips.contains(child.name) {
                let place = "\(next.path)/\(child.name)"
                guard mkdir(place, 0o755) == 0 else { throw CacheError(call: "mkdir", path: place) }
                pending.append((try Digest(required: child.digest, "a directory"), place))
            }
        }
    }

    private func copy(
        _ file: Build_Bazel_Remote_Execution_V2_FileNode, to path: String
    ) throws {
        let digest = try Digest(required: file.digest, "a file")
        let target = open(
            path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, file.isExecutable ? 0o755 : 0o644)
        guard target >= 0 else { throw CacheError(call: "open", path: path) }
        defer { close(target) }
        if digest.sizeBytes > 0 { try fill(target, path, from: digest) }
        try POSIXFileSystem().setTimes(Descriptor(target), seconds: InputStage.fileTime)
    }

    private func fill(_ target: Int32, _ path: String, from digest: Digest) throws {
        let source: CachedFile
        do throws(CacheError) {
            source = try storage.openBlob(digest)
        } catch {
            // Removed since we looked: the client can bring it again.
            if error.code == .notFound { throw MissingBlobs(digests: [digest]) }
            throw error
        }
        var rest = digest.sizeBytes
        while rest > 0 {
            let part = try source.read(at: digest.sizeBytes - rest, limit: InputStage.blockBytes)
            rest -= part.count
            try part.withUnsafeBytes { try write($0, to: target, path) }
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer, to target: Int32, _ path: String) throws {
        var rest = bytes
        while let start = rest.baseAddress, !rest.isEmpty {
            let count = Glibc.write(target, start, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw CacheError(call: "write", path: path) }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
    }
}
