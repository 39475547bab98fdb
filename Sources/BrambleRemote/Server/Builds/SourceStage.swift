internal import BrambleBuild
internal import BrambleModel
internal import BrambleStore
internal import GRPCCore

/// The sources of a build as the storage has them: read and checked when the build is asked for, and
/// copied into the store when a derivation needs them.
final class SourceStage: Sendable {
    private let trees: [Digest: Tree]
    private let cache: CacheStore
    private let copies = SharedWork<Digest, StoreName>()

    /// - Throws: `MissingBlobs` with all that is missing; `RequestError` for what is no tree that a store
    ///   can hold.
    init(_ input: BuildInput, in folder: CacheFolder, _ cache: CacheStore) throws {
        self.cache = cache
        var reading = TreeReading(folder: folder)
        for source in input.sources {
            let name = input.graph[source.derivation]?.name
            try reading.read(source.tree, "the sources of `\(name.map { "\($0)" } ?? "")`")
        }
        trees = try reading.trees()
    }

    /// Sees to it that a tree is in the store of the build.
    func provide(
        _ derivation: Derivation, _ digest: Digest, in store: LocalStore
    ) async throws(StoreError) -> StoreName {
        guard let tree = trees[digest] else {
            throw StoreError(.notFound, "the sources of `\(derivation.name)` were not sent")
        }
        do {
            return try await copies.value(for: digest) { [self] in try await copy(tree, store) }
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(.unreachable, "stopped")
        }
    }

    private func copy(_ tree: Tree, _ store: LocalStore) async throws(StoreError) -> StoreName {
        let name = StoreName(tree: tree.root)
        if try store.findObject(name) != nil {
            try store.lease([name])
            return name
        }
        let files = Set(tree.directories.values.flatMap(\.files).map(\.digest))
        let missing = try await store.missingBlobs(files.sorted())
        for group in ObjectTransfer.groups(missing) {
            if group.count == 1 {
                try await store.copyBlob(group[0], from: cache)
            } else {
                let contents = try await cache.readBlobs(group)
                try await store.addBlobs(
                    zip(group, contents).map { BlobContent(digest: $0, bytes: $1) })
            }
        }
        return try await store.add(tree).name
    }
}

/// Reads trees of which many directories are the same.
private struct TreeReading {
    let folder: CacheFolder
    private var roots: Set<Digest> = []
    private var directories: [Digest: Directory] = [:]
    private var missing: Set<Digest> = []

    init(folder: CacheFolder) {
        self.folder = folder
    }

    mutating func read(_ root: Digest, _ what: String) throws {
        guard roots.insert(root).inserted else { return }
        var files: Set<Digest> = []
        var pending = [root]
        while let digest = pending.popLast() {
            guard directories[digest] == nil, !missing.contains(digest) else { continue }
            guard directories.count < ServerLimits.directories else {
                throw RequestError(
                    .resourceExhausted, "more than \(ServerLimits.directories) directories")
            }
            guard let directory = try directory(digest, what) else {
                missing.insert(digest)
                continue
            }
            directories[digest] = directory
            files.formUnion(directory.files.map(\.digest))
            pending += directory.directories.map(\.digest)
        }
        missing.formUnion(folder.missing(files.sorted()))
    }

    /// - Returns: nil if it is not there.
    private func directory(_ digest: Digest, _ what: String) throws -> Directory? {
        guard digest.sizeBytes <= ServerLimits.structureBytes else {
            throw RequestError(
                .invalidArgument,
                "\(what): the directory `\(digest)` has more than \(ServerLimits.structureBytes) bytes"
            )
        }
        let bytes: [UInt8]
        do throws(CacheError) {
            bytes = try folder.readBlob(digest)
        } catch {
            if error.code == .notFound { return nil }
            throw error
        }
        do throws(StoreError) {
            return try Directory(decoding: bytes)
        } catch {
            throw RequestError(
                .invalidArgument, "\(what): the directory `\(digest)`: \(error.message)")
        }
    }

    /// - Throws: `MissingBlobs`; `RequestError` for trees that mean more than they are.
    func trees() throws -> [Digest: Tree] {
        guard missing.isEmpty else { throw MissingBlobs(digests: missing.sorted()) }
        var sizes = TreeSizes(directories: directories)
        var trees: [Digest: Tree] = [:]
        for root in roots {
            try sizes.check(root)
            trees[root] = try Tree(root: root, directories: directories)
        }
        return trees
    }
}

/// How much trees are once they are files: equal directories are one message and many folders, so that a
/// small request could mean more than any disk has.
private struct TreeSizes {
    private struct Size {
        var entries: Int
        var depth: Int
    }

    let directories: [Digest: Directory]
    private var known: [Digest: Size] = [:]

    private static let maximumEntries = 2_000_000
    /// No path has more names, as each takes two bytes of its 4,095.
    private static let maximumDepth = 2_048

    init(directories: [Digest: Directory]) {
        self.directories = directories
    }

    mutating func check(_ root: Digest) throws {
        var pending = [root]
        while let digest = pending.last {
            let children = directories[digest]?.directories.map(\.digest) ?? []
            let new = children.filter { known[$0] == nil }
            guard new.isEmpty || known[digest] != nil else {
                pending += new
                continue
            }
            pending.removeLast()
            if known[digest] == nil { known[digest] = try size(of: digest, children) }
        }
    }

    private func size(of digest: Digest, _ children: [Digest]) throws -> Size {
        let directory = directories[digest]
        var size = Size(
            entries: (directory?.files.count ?? 0) + (directory?.symlinks.count ?? 0), depth: 1)
        for child in children {
            guard let inner = known[child] else { continue }
            size.entries += 1 + inner.entries
            size.depth = max(size.depth, inner.depth + 1)
        }
        guard size.entries <= TreeSizes.maximumEntries, size.depth <= TreeSizes.maximumDepth else {
            throw RequestError(
                .invalidArgument,
                "the sources have more than \(TreeSizes.maximumEntries) files and directories, or "
                    + "more than \(TreeSizes.maximumDepth) of them in one another")
        }
        return size
    }
}
