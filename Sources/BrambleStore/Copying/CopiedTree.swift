internal import BrambleModel

/// A tree that was copied to a place of the store's own: what is in it, by digests. Symlinks are
/// not there yet, and directories can still be written to.
struct CopiedTree: Sendable {
    struct Folder: Sendable {
        let walked: WalkedTree.Folder
        /// For each file of `walked`.
        var files: [CopiedFile]
        /// As they will be made.
        var symlinks: [Directory.Symlink]

        init(walked: WalkedTree.Folder, files: [CopiedFile]) {
            self.walked = walked
            self.files = files
            symlinks = walked.symlinks
        }
    }

    /// The root.
    let place: Place
    /// As in `WalkedTree`.
    var folders: [Folder]

    /// The tree's digests, from the leaves to the root.
    func tree() -> Tree {
        var digests = [Digest](repeating: Digest(of: []), count: folders.count)
        var directories: [Digest: Directory] = [:]
        // Those of one level are hashed together.
        for level in levels.reversed() {
            let made = level.map { directory(folders[$0], digests) }
            for (number, (digest, directory)) in zip(level, zip(Directory.digests(made), made)) {
                digests[number] = digest
                directories[digest] = directory
            }
        }
        return Tree(root: digests[0], complete: directories)
    }

    /// Numbers of folders by how deep they are, the root first.
    private var levels: [[Int]] {
        var levels: [[Int]] = []
        var next = [0]
        while !next.isEmpty {
            levels.append(next)
            next = next.flatMap { folders[$0].walked.folders }
        }
        return levels
    }

    /// - Parameter digests: Of all folders in it.
    private func directory(_ folder: Folder, _ digests: [Digest]) -> Directory {
        Directory(
            files: zip(folder.walked.files, folder.files).map { file, copy in
                Directory.File(
                    name: file.name, digest: copy.digest, isExecutable: copy.isExecutable)
            },
            directories: folder.walked.folders.map { child in
                Directory.Subdirectory(name: folders[child].walked.name, digest: digests[child])
            },
            symlinks: folder.symlinks)
    }

    /// Makes the symlinks, and then each directory as directories of the store are. The root stays
    /// writable: a directory that is not cannot be moved.
    func finish(_ fileSystem: any FileSystem) throws(StoreError) {
        for folder in folders.reversed() {
            let place = place.appending(folder.walked.path)
            try fileSystem.withDirectory(place) { (directory) throws(StoreError) in
                for symlink in folder.symlinks {
                    let link = Place(directory, symlink.name)
                    try fileSystem.makeSymlink(to: symlink.target, at: link)
                    try fileSystem.setTimes(link, seconds: StoreTime.seconds)
                }
                guard !folder.walked.path.isEmpty else { return }
                try fileSystem.setPermissions(directory, StoreMode.directory)
                try fileSystem.setTimes(directory, seconds: StoreTime.seconds)
            }
        }
    }
}

/// The permissions that directories of objects have.
enum StoreMode {
    static let directory: UInt32 = 0o555
}
