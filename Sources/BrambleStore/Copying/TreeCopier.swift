internal import BrambleModel

/// Copies whole trees into places of the store's own, or makes trees the store's own, on all cores.
struct TreeCopier {
    let fileSystem: any FileSystem
    let blobs: BlobFolder
    let workers: Workers
    /// nil if nothing is looked for.
    var scan: NameScan?
    /// The number of the name that counts as blank in digests.
    var ownName: Int?

    /// Files that one thread copies before it looks for more work.
    private struct Batch {
        let folder: Int
        let files: Range<Int>
    }

    /// - Parameters:
    ///   - source: The directory that `walked` was read from.
    ///   - target: Is made, and must not be there.
    func copy(
        _ walked: WalkedTree, from source: Place, to target: Place
    ) throws(StoreError) -> CopiedTree {
        for folder in walked.folders {
            try fileSystem.makeDirectory(target.appending(folder.path), permissions: 0o700)
        }
        return try copyFiles(walked, from: source, to: target)
    }

    /// Makes a tree at a place of the store's own one as `copy` makes them, by changing only what has to be: files
    /// that somebody else could still change are replaced by copies.
    ///
    /// - Parameters:
    ///   - place: The directory that `walked` was read from.
    ///   - owner: The user whose files may stay.
    func take(
        _ walked: WalkedTree, at place: Place, owner: UInt32
    ) throws(StoreError) -> CopiedTree {
        for folder in walked.folders {
            let path = place.appending(folder.path)
            try fileSystem.withDirectory(path) { (directory) throws(StoreError) in
                try fileSystem.setPermissions(directory, 0o700)
                // They are made at the end.
                for symlink in folder.symlinks {
                    try fileSystem.removeFile(Place(directory, symlink.name))
                }
            }
        }
        return try copyFiles(walked, from: place, to: place, owner: owner)
    }

    private func copyFiles(
        _ walked: WalkedTree, from source: Place, to target: Place, owner: UInt32? = nil
    ) throws(StoreError) -> CopiedTree {
        let batches = TreeCopier.batches(walked)
        let order = TreeCopier.apart(batches.count, workers.count)
        let copied = try workers.map(
            batches.count,
            makeState: {
                FileCopier(
                    fileSystem, blobs: blobs, scan: scan, ownName: ownName, owner: owner)
            },
            { (number, copier) throws(StoreError) in
                let batch = batches[order[number]]
                return try copy(
                    walked.folders[batch.folder], batch.files, from: source, to: target, copier)
            })
        var files = walked.folders.map { _ in [CopiedFile]() }
        var inOrder = [[CopiedFile]](repeating: [], count: batches.count)
        for (number, copies) in zip(order, copied) { inOrder[number] = copies }
        for (batch, copies) in zip(batches, inOrder) { files[batch.folder] += copies }
        return CopiedTree(
            place: target,
            folders: zip(walked.folders, files).map { folder, files in
                CopiedTree.Folder(walked: folder, files: files)
            })
    }

    private func copy(
        _ folder: WalkedTree.Folder, _ files: Range<Int>, from source: Place, to target: Place,
        _ copier: FileCopier
    ) throws(StoreError) -> [CopiedFile] {
        let from = try fileSystem.open(source.appending(folder.path), .directory)
        defer { fileSystem.close(from) }
        let to = try fileSystem.open(target.appending(folder.path), .directory)
        defer { fileSystem.close(to) }
        return try copier.copy(folder.files[files], from: from, to: to)
    }

    /// Numbers in an order in which those that come together lie far apart: threads that make files in
    /// one directory wait for each other.
    private static func apart(_ count: Int, _ threads: Int) -> [Int] {
        let stride = (count + threads - 1) / threads
        return (0..<stride).flatMap { first in
            (0..<threads).map { first + $0 * stride }.filter { $0 < count }
        }
    }

    private static func batches(_ walked: WalkedTree) -> [Batch] {
        walked.folders.enumerated().flatMap { number, folder in
            FileBatch.ranges(folder.files.map(\.status.sizeBytes)).map {
                Batch(folder: number, files: $0)
            }
        }
    }
}
