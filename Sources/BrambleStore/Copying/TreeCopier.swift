internal import BrambleModel

/// Copies whole trees into places of the store's own, on all cores.
struct TreeCopier {
    let fileSystem: any FileSystem
    let blobs: BlobFolder
    let workers: Workers
    /// nil if nothing is looked for.
    var scan: NameScan?
    /// The number of the name that counts as blank in digests.
    var ownName: Int?

    /// Files that one thread copies before it looks for more work: few enough that all threads end
    /// together, many enough that the two directories are worth opening.
    private static let batchSize = 64

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
        let batches = TreeCopier.batches(walked)
        let copied = try workers.map(
            batches.count,
            makeState: {
                FileCopier(fileSystem, blobs: blobs, scan: scan, ownName: ownName)
            },
            { (number, copier) throws(StoreError) in
                let batch = batches[number]
                return try copy(
                    walked.folders[batch.folder], batch.files, from: source, to: target, copier)
            })
        var files = walked.folders.map { _ in [CopiedFile]() }
        for (batch, copies) in zip(batches, copied) { files[batch.folder] += copies }
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
        var copies: [CopiedFile] = []
        for file in folder.files[files] {
            copies.append(
                try copier.copy(Place(from, file.name), file.status, to: Place(to, file.name)))
        }
        return copies
    }

    private static func batches(_ walked: WalkedTree) -> [Batch] {
        walked.folders.enumerated().flatMap { number, folder in
            stride(from: 0, to: folder.files.count, by: batchSize).map { start in
                Batch(
                    folder: number,
                    files: start..<min(start + batchSize, folder.files.count))
            }
        }
    }
}
