import BrambleModel
import BrambleStore
import Glibc

/// Makes directories of this machine of what an action has left in a CAS.
///
/// What comes from there is not trusted: the names in a tree are checked when it is decoded, nothing is
/// written through a link, and every content is checked against its digest.
struct OutputDownload: Sendable {
    let remote: RemoteStore

    private static let groupLimit = 4

    /// - Parameters:
    ///   - tree: The digest of REAPI's message `Tree`.
    ///   - path: A directory to make.
    ///   - limitBytes: What its files may add up to.
    ///   - remainder: What is not in the tree and belongs to it.
    /// - Throws: `unsupported` if it is too large; what the stores throw.
    func make(
        _ tree: Digest, at path: String, limitBytes: Int?, with remainder: TreeRemainder? = nil
    ) async throws(StoreError) {
        let tree = try Tree(decoding: try await remote.readBlob(tree))
        if let limitBytes, tree.contentSizeBytes > limitBytes {
            throw StoreError(
                .unsupported, "it wrote more than \(limitBytes) bytes to its outputs")
        }
        var places: [Digest: [Place]] = [:]
        var links: [(path: String, target: String)] = []
        var folders: Set<String> = []
        try tree.forEachDirectory { (folder, directory) throws(StoreError) in
            folders.insert(folder)
            let folder = folder.isEmpty ? path : "\(path)/\(folder)"
            try OutputDownload.makeDirectory(folder)
            for file in directory.files {
                places[file.digest, default: []].append(
                    Place(path: "\(folder)/\(file.name)", isExecutable: file.isExecutable))
            }
            for symlink in directory.symlinks {
                links.append(("\(folder)/\(symlink.name)", symlink.target))
            }
        }
        if let remainder {
            links += try OutputDownload.add(remainder, at: path, to: &folders)
        }
        try await fetch(places)
        for link in links {
            guard symlink(link.target, link.path) == 0 else {
                throw StoreError(call: "symlink", path: link.path, number: errno)
            }
        }
    }

    /// Makes the directories of a remainder.
    ///
    /// - Parameter folders: Those that are there, by paths in the tree.
    /// - Returns: Its links, with their paths on this machine.
    /// - Throws: `malformed` for a path that leads elsewhere, or to what is no directory.
    private static func add(
        _ remainder: TreeRemainder, at root: String, to folders: inout Set<String>
    ) throws(StoreError) -> [(path: String, target: String)] {
        for directory in remainder.directories where !folders.contains(directory) {
            try check(directory, in: folders)
            try makeDirectory("\(root)/\(directory)")
            folders.insert(directory)
        }
        var links: [(path: String, target: String)] = []
        for link in remainder.links {
            try check(link.path, in: folders)
            links.append(("\(root)/\(link.path)", link.target))
        }
        return links
    }

    private static func check(_ path: String, in folders: Set<String>) throws(StoreError) {
        let names = path.split(separator: "/", omittingEmptySubsequences: false)
        let isClean = names.allSatisfy { !["", ".", ".."].contains($0) && !$0.utf8.contains(0) }
        guard isClean, folders.contains(names.dropLast().joined(separator: "/")) else {
            throw StoreError(.malformed, "`\(path)` is no place in an output")
        }
    }

    private struct Place: Sendable {
        let path: String
        let isExecutable: Bool
    }

    private func fetch(_ places: [Digest: [Place]]) async throws(StoreError) {
        let groups = ObjectTransfer.groups(places.keys.sorted())
        let remote = remote
        _ = try await groups.concurrentMap(limit: OutputDownload.groupLimit) {
            (group) throws(StoreError) in
            if group.count == 1 {
                let files = try NewFiles(places[group[0]] ?? [])
                try await remote.forEachPart(of: group[0]) { (part) throws(StoreError) in
                    try files.append(part)
                }
                return
            }
            for (digest, bytes) in zip(group, try await remote.readBlobs(group)) {
                try NewFiles(places[digest] ?? []).append(bytes)
            }
        }
    }

    static func makeDirectory(_ path: String) throws(StoreError) {
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw StoreError(call: "mkdir", path: path, number: errno)
        }
    }

    /// Files that get the same content, all new.
    private final class NewFiles: Sendable {
        private let files: [(descriptor: Int32, path: String)]

        init(_ places: [Place]) throws(StoreError) {
            var files: [(Int32, String)] = []
            for place in places {
                let descriptor = open(
                    place.path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                    place.isExecutable ? 0o755 : 0o644)
                guard descriptor >= 0 else {
                    let number = errno
                    for (descriptor, _) in files { close(descriptor) }
                    throw StoreError(call: "open", path: place.path, number: number)
                }
                files.append((descriptor, place.path))
            }
            self.files = files
        }

        deinit {
            for file in files { close(file.descriptor) }
        }

        func append(_ bytes: [UInt8]) throws(StoreError) {
            for file in files {
                var written = 0
                while written < bytes.count {
                    let count = bytes.withUnsafeBytes { buffer in
                        write(
                            file.descriptor, buffer.baseAddress.map { $0 + written },
                            bytes.count - written)
                    }
                    guard count > 0 || errno == EINTR else {
                        throw StoreError(call: "write", path: file.path, number: errno)
                    }
                    written += max(0, count)
                }
            }
        }
    }
}
