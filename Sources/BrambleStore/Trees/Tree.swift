package import BrambleModel

/// A whole directory tree by digests: its root, and every directory below it.
package struct Tree: Equatable, Sendable {
    package let root: Digest
    /// By digest, the root among them. Equal directories are one entry.
    package let directories: [Digest: Directory]

    /// - Throws: `malformed` if a directory that is named is not there.
    package init(root: Digest, directories: [Digest: Directory]) throws(StoreError) {
        var needed: [Digest: Directory] = [:]
        var pending = [root]
        while let digest = pending.popLast() {
            guard needed[digest] == nil else { continue }
            guard let directory = directories[digest] else {
                throw StoreError(.malformed, "the tree `\(root)` lacks the directory `\(digest)`")
            }
            needed[digest] = directory
            pending += directory.directories.map(\.digest)
        }
        self.root = root
        self.directories = needed
    }

    /// - Parameter directories: Known to be all that the root needs.
    init(root: Digest, complete directories: [Digest: Directory]) {
        self.root = root
        self.directories = directories
    }

    /// The tree of no file.
    package static let empty: Tree = {
        let directory = Directory()
        return Tree(root: directory.digest, complete: [directory.digest: directory])
    }()

    /// Every directory with its path from the root (empty for the root itself), parents before
    /// children, in the order of the names. A directory that stands in several places comes for
    /// each.
    package func forEachDirectory<Failure: Error>(
        _ body: (_ path: String, _ directory: Directory) throws(Failure) -> Void
    ) throws(Failure) {
        try forEachDigest { (path, _, directory) throws(Failure) in try body(path, directory) }
    }

    /// The same with the digests of the directories.
    func forEachDigest<Failure: Error>(
        _ body: (_ path: String, _ digest: Digest, _ directory: Directory) throws(Failure) -> Void
    ) throws(Failure) {
        var pending = [(path: "", digest: root)]
        while let next = pending.popLast() {
            guard let directory = directories[next.digest] else {
                preconditionFailure("a tree that lacks a directory")
            }
            try body(next.path, next.digest, directory)
            for child in directory.directories.reversed() {
                pending.append((joined(next.path, child.name), child.digest))
            }
        }
    }

    /// The bytes of all files, each as often as it stands in the tree.
    package var contentSizeBytes: Int {
        var size = 0
        forEachDirectory { _, directory in
            for file in directory.files {
                // Who names digests in messages may name any sizes.
                size = size.addingReportingOverflow(file.digest.sizeBytes).partialValue
            }
        }
        return max(0, size)
    }

    /// How many files, directories and symlinks there are, without the root.
    package var entryCount: Int {
        var count = 0
        forEachDirectory { _, directory in
            count += directory.files.count + directory.directories.count + directory.symlinks.count
        }
        return count
    }
}

/// A name below a path, which is empty for the root.
func joined(_ path: String, _ name: String) -> String {
    path.isEmpty ? name : "\(path)/\(name)"
}
