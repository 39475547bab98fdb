internal import BrambleModel
internal import BrambleREAPI
internal import BrambleStore
internal import Glibc
internal import SwiftProtobuf

/// Takes what an action has made into the storage, and says so in its result.
struct OutputCollection {
    private let storage: CacheFolder
    private let root: OutputFolder
    private let request: ActionRequest

    /// Each level holds a descriptor.
    private static let maximumDepth = 200
    private static let blockBytes = 256 << 10

    /// - Parameter path: The action's root on this machine; nothing runs in it any more.
    init(_ request: ActionRequest, rootedAt path: String, into storage: CacheFolder) throws {
        self.request = request
        self.storage = storage
        root = try OutputFolder(root: path)
    }

    /// Makes the folders that outputs are to be in, and the one that the action starts in
    /// (REAPI v2, `Command.output_paths`).
    static func makeParents(_ request: ActionRequest, rootedAt path: String) throws {
        let root = try OutputFolder(root: path)
        let parents = request.outputs.map { parts(request, $0.path).dropLast() }
        for parent in [parts(request, "")[...]] + parents {
            var folder = root
            for name in parent {
                guard let next = folder.makeFolder(name) else {
                    throw CacheError(
                        .malformed,
                        "`\(parent.joined(separator: "/"))`, where an output or the start of the "
                            + "action is to be, is no directory")
                }
                folder = next
            }
        }
    }

    /// What was not made is left out: the client decides what that means.
    func collect(into result: inout ActionResultMessage) throws {
        for output in request.outputs {
            let parts = OutputCollection.parts(request, output.path)
            guard let name = parts.last else {
                try add(directory: root, output, &result)
                continue
            }
            var folder: OutputFolder? = root
            for part in parts.dropLast() { folder = folder?.folder(part) }
            guard let folder, let status = folder.status(name) else { continue }
            try add(name, in: folder, status, output, &result)
        }
    }

    /// From the root. What leads up is at the beginning of the path, and was checked to stay below it.
    private static func parts(_ request: ActionRequest, _ path: String) -> [String] {
        var parts = request.workingDirectory.split(separator: "/").map { String($0) }
        for part in path.split(separator: "/") {
            if part == ".." { parts.removeLast() } else { parts.append(String(part)) }
        }
        return parts
    }

    private func add(
        _ name: String, in folder: OutputFolder, _ status: FileStatus,
        _ output: ActionRequest.Output,
        _ result: inout ActionResultMessage
    ) throws {
        switch status.kind {
        case .regular where output.kind != .directory:
            let digest = try keep(name, in: folder)
            result.outputFiles.append(
                .with {
                    $0.path = output.path
                    $0.digest = DigestMessage(digest)
                    $0.isExecutable = status.isExecutable
                })
        case .directory where output.kind != .file:
            guard let directory = folder.folder(name) else { return }
            try add(directory: directory, output, &result)
        case .symlink:
            guard let target = folder.target(of: name) else { return }
            let symlink = Build_Bazel_Remote_Execution_V2_OutputSymlink.with {
                $0.path = output.path
                $0.target = target
            }
            switch output.kind {
            case .any: result.outputSymlinks.append(symlink)
            case .file: result.outputFileSymlinks.append(symlink)
            case .directory: result.outputDirectorySymlinks.append(symlink)
            }
        default: break
        }
    }

    private func add(
        directory: OutputFolder, _ output: ActionRequest.Output,
        _ result: inout ActionResultMessage
    ) throws {
        var tree = TreeMessage()
        var seen: Set<Digest> = []
        tree.root = try message(of: directory, &tree, &seen, depth: 0)
        let digest = try keep(tree)
        result.outputDirectories.append(
            .with {
                $0.path = output.path
                $0.treeDigest = DigestMessage(digest)
            })
    }

    /// A directory with all below it, whose messages become children of the tree.
    private func message(
        of folder: OutputFolder, _ tree: inout TreeMessage, _ seen: inout Set<Digest>, depth: Int
    ) throws -> DirectoryMessage {
        guard depth < OutputCollection.maximumDepth else {
            throw CacheError(
                .malformed,
                "an output has more than \(OutputCollection.maximumDepth) directories within each other"
            )
        }
        var directory = DirectoryMessage()
        for name in try folder.names() {
            guard let status = folder.status(name) else { continue }
            switch status.kind {
            case .regular:
                let digest = try keep(name, in: folder)
                directory.files.append(
                    .with {
                        $0.name = name
                        $0.digest = DigestMessage(digest)
                        $0.isExecutable = status.isExecutable
                    })
            case .directory:
                guard let inner = folder.folder(name) else { continue }
                let child = try message(of: inner, &tree, &seen, depth: depth + 1)
                let digest = Digest(of: try child.serializedBytes())
                if seen.insert(digest).inserted { tree.children.append(child) }
                directory.directories.append(
                    .with {
                        $0.name = name
                        $0.digest = DigestMessage(digest)
                    })
            case .symlink:
                guard let target = folder.target(of: name) else { continue }
                directory.symlinks.append(
                    .with {
                        $0.name = name
                        $0.target = target
                    })
            default: throw CacheError(.malformed, "the output `\(name)` is no file")
            }
        }
        return directory
    }

    // MARK: - Into the storage

    private func keep(_ message: some SwiftProtobuf.Message) throws -> Digest {
        let bytes: [UInt8] = try message.serializedBytes()
        return try storage.addBlob(bytes)
    }

    /// Takes a file as it is, without a copy: nobody writes to it any more.
    private func keep(_ name: String, in folder: OutputFolder) throws -> Digest {
        guard let file = folder.file(name) else { throw CacheError(call: "open", path: name) }
        defer { close(file) }
        let digest = try OutputCollection.digest(of: file, name)
        if !storage.missing([digest]).isEmpty {
            try storage.take(name, in: folder.descriptor, file, digest)
        }
        return digest
    }

    static func digest(of file: Int32, _ name: String) throws(CacheError) -> Digest {
        var hasher = ContentHasher()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: blockBytes, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = read(file, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw CacheError(call: "read", path: name) }
            if count == 0 { return hasher.digest }
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}

extension CacheFolder {
    /// Adds a blob that is in memory.
    func addBlob(_ bytes: [UInt8]) throws -> Digest {
        let digest = Digest(of: bytes)
        guard !missing([digest]).isEmpty else { return digest }
        let upload = try BlobUpload(
            self, hash: digest.hash, sizeBytes: digest.sizeBytes, isCompressed: false)
        try bytes.withUnsafeBytes { try upload.append($0) }
        try upload.finish()
        return digest
    }

    /// Takes a file of the same file system, under another name, as a blob.
    ///
    /// - Parameter file: The same, open.
    func take(
        _ name: String, in folder: Int32, _ file: Int32, _ digest: Digest
    ) throws(CacheError) {
        guard digest.sizeBytes <= maximumBytes else {
            throw CacheError(.noRoom, "an output of \(digest.sizeBytes) bytes does not fit")
        }
        let draft = newIncomingName()
        // Its time tells when it was used last, and readers need no more than to read it.
        guard fchmod(file, 0o644) == 0, futimens(file, nil) == 0,
            linkat(folder, name, descriptor, draft, 0) == 0
        else { throw CacheError(call: "linkat", path: name) }
        do throws(CacheError) {
            try reserve(digest.sizeBytes)
            defer { release(digest.sizeBytes) }
            try adopt(draft, as: .blob(digest.hash), sizeBytes: digest.sizeBytes)
        } catch {
            unlinkat(descriptor, draft, 0)
            throw error
        }
    }
}
