internal import BrambleModel
internal import BrambleREAPI
internal import GRPCCore
internal import SwiftProtobuf

/// Goes through a directory and all below it, each once, the root first: the same way each time, so that a
/// page can be asked for by how many directories come before it.
struct DirectoryWalk: Sendable {
    private let folder: CacheFolder
    private let root: Digest
    private var pending: [Digest]
    private var seen: Set<Digest>
    private var count = 0
    /// How many to leave out.
    private var skipped: Int

    /// - Parameter token: What an earlier page ended with, or empty.
    init(_ folder: CacheFolder, root: Digest, after token: String) throws {
        guard let skipped = token.isEmpty ? 0 : Int(token), skipped >= 0 else {
            throw RequestError(.invalidArgument, "`\(token.prefix(100))` is no page's token")
        }
        self.folder = folder
        self.root = root
        pending = [root]
        seen = [root]
        self.skipped = skipped
    }

    var isAtEnd: Bool { pending.isEmpty }

    /// Stands for all pages up to here.
    var token: String { String(count) }

    /// The next directories. What is missing is left out, but for the root.
    mutating func nextPage(limit: Int) throws -> [DirectoryMessage] {
        var page: [DirectoryMessage] = []
        var size = 0
        while page.count < limit, size < ServerLimits.pageBytes, let digest = pending.popLast() {
            guard let directory = try read(digest) else { continue }
            for child in directory.directories.reversed() {
                let digest = try Digest(required: child.digest, "the directory `\(child.name)`")
                if seen.insert(digest).inserted { pending.append(digest) }
            }
            guard seen.count <= ServerLimits.directories else {
                throw RequestError(
                    .resourceExhausted, "more than \(ServerLimits.directories) directories")
            }
            count += 1
            guard count > skipped else { continue }
            page.append(directory)
            size += digest.sizeBytes
        }
        return page
    }

    private func read(_ digest: Digest) throws -> DirectoryMessage? {
        do {
            let directory: DirectoryMessage = try folder.readMessage(digest, "directory")
            try DirectoryCheck.check(directory)
            return directory
        } catch let error as CacheError where error.code == .notFound && digest != root {
            return nil
        }
    }
}

extension CacheFolder {
    /// A message that is stored as a blob.
    ///
    /// - Throws: `notFound`; `malformed` if it is none, or too large.
    func readMessage<Kind: Message>(_ digest: Digest, _ what: String) throws -> Kind {
        guard digest.sizeBytes <= ServerLimits.structureBytes else {
            throw CacheError(
                .malformed,
                "the \(what) `\(digest)` has more than \(ServerLimits.structureBytes) bytes")
        }
        let bytes = try readBlob(digest)
        do {
            return try Kind(serializedBytes: bytes)
        } catch {
            throw CacheError(.malformed, "the blob `\(digest)` is no \(what)")
        }
    }
}
