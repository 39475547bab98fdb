internal import BrambleModel
internal import BrambleStore

/// Brings sources to a CAS: of those that it lacks, each directory as a message and each file, read from
/// where they are on this machine.
struct SourceUpload: Sendable {
    let remote: RemoteStore
    let threads: DiskThreads

    /// Groups of files on their way at once.
    private static let limit = 4

    /// A directory or a file that a CAS is to have.
    private struct Contents {
        var directories: [Digest: [UInt8]] = [:]
        /// Paths of files that have it.
        var files: [Digest: String] = [:]

        init(_ sources: [SourceTree]) {
            var roots: Set<Digest> = []
            for source in sources where roots.insert(source.tree.root).inserted {
                for (digest, directory) in source.tree.directories
                where directories[digest] == nil { directories[digest] = directory.encoded }
                source.tree.forEachDirectory { path, directory in
                    let folder = path.isEmpty ? source.directory : "\(source.directory)/\(path)"
                    for file in directory.files { files[file.digest] = "\(folder)/\(file.name)" }
                }
            }
        }
    }

    /// - Returns: How many contents were sent.
    /// - Throws: `corrupt` if files have changed since they were looked at; what the CAS throws.
    @discardableResult
    func send(_ sources: [SourceTree]) async throws(StoreError) -> Int {
        let contents = Contents(sources)
        let all = Set(contents.directories.keys).union(contents.files.keys)
        let missing = try await remote.missingBlobs(all.sorted())
        let directories = missing.compactMap { digest in
            contents.directories[digest].map { BlobContent(digest: digest, bytes: $0) }
        }
        let files = missing.filter { contents.directories[$0] == nil }
        let paths = contents.files
        _ = try await ObjectTransfer.groups(files).concurrentMap(limit: SourceUpload.limit) {
            (group) throws(StoreError) in try await send(group, paths)
        }
        // Behind the files: who finds a directory there may rely on what is in it.
        try await remote.addContents(directories)
        return missing.count
    }

    private func send(_ group: [Digest], _ paths: [Digest: String]) async throws(StoreError) {
        if group.count == 1, let path = paths[group[0]] {
            let file = try SourceFile(path)
            return try await remote.addBlob(group[0]) { (offset, limit) throws(StoreError) in
                try await read(file, offset, limit)
            }
        }
        var contents: [BlobContent] = []
        for digest in group {
            guard let path = paths[digest] else { continue }
            let bytes = try await read(try SourceFile(path), 0, digest.sizeBytes + 1)
            guard Digest(of: bytes) == digest else {
                throw StoreError(
                    .corrupt,
                    "cannot send `\(path)`: it has changed since the build has begun")
            }
            contents.append(BlobContent(digest: digest, bytes: bytes))
        }
        try await remote.addContents(contents)
    }

    private func read(
        _ file: SourceFile, _ offset: Int, _ limit: Int
    ) async throws(StoreError) -> [UInt8] {
        do {
            return try await threads.run { try file.read(at: offset, limit: limit) }
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(.unreachable, "stopped")
        }
    }
}

/// A file that is read.
private final class SourceFile: Sendable {
    private let fileSystem = POSIXFileSystem()
    private let descriptor: Descriptor

    init(_ path: String) throws(StoreError) {
        descriptor = try fileSystem.open(Place(path), .read)
    }

    deinit { fileSystem.close(descriptor) }

    /// - Returns: Less than the limit only at the end.
    func read(at offset: Int, limit: Int) throws(StoreError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        var count = 0
        while count < limit {
            let more = try bytes.withUnsafeMutableBufferPointer { (bytes) throws(StoreError) in
                let rest = UnsafeMutableBufferPointer(rebasing: bytes[count...])
                return try fileSystem.read(
                    descriptor, into: UnsafeMutableRawBufferPointer(rest), at: offset + count)
            }
            guard more > 0 else { break }
            count += more
        }
        bytes.removeLast(limit - count)
        return bytes
    }
}
