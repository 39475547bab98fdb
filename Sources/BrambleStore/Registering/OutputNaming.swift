internal import BrambleModel

/// Gives one output its name, and puts names in the place of placeholders in it.
struct OutputNaming {
    let store: LocalStore
    let scan: NameScan
    /// The number of the output, and of its placeholder.
    let own: Int
    /// Of the outputs that have one by now.
    let names: [StoreName?]
    let output: ScannedOutput

    /// A file with placeholders in it.
    private struct Unsettled: Sendable {
        let folder: Int
        let file: Int
    }

    func draft() throws(StoreError) -> Draft {
        var tree = output.tree
        let unsettled = tree.folders.indices.flatMap { folder in
            tree.folders[folder].files.indices.filter {
                !tree.folders[folder].files[$0].found.isSettled
            }.map { Unsettled(folder: folder, file: $0) }
        }
        let blanked = try settle(unsettled, in: tree, .siblings)
        apply(blanked, to: unsettled, in: &tree)
        for folder in tree.folders.indices {
            tree.folders[folder].symlinks = tree.folders[folder].symlinks.map {
                resolved($0, own: StoreName.blank)
            }
        }
        let name = StoreName(tree: tree.tree().root, selfReferences: selfReferences(unsettled))
        apply(try settle(unsettled, in: tree, .own(name)), to: unsettled, in: &tree)
        for folder in tree.folders.indices {
            tree.folders[folder].symlinks = output.tree.folders[folder].symlinks.map {
                resolved($0, own: Array(name.description.utf8))
            }
        }
        try tree.finish(store.fileSystem)
        let references = Set(
            output.names.subtracting([own]).compactMap { number in
                scan.replaced.contains(number) ? names[number] : scan.scanner.names[number]
            })
        return Draft(
            place: tree.place, name: name, tree: tree.tree(),
            references: references.subtracting([name]).sorted())
    }

    /// What is done to a file.
    private enum Step {
        /// Names of other outputs go to their places, and blanks to those of the own name.
        case siblings
        /// The name goes to its places, and the file is finished.
        case own(StoreName)

        var isLast: Bool {
            switch self {
            case .siblings: false
            case .own: true
            }
        }
    }

    private struct UnsettledFile {
        let copy: CopiedFile
        let place: Place
        let sizeBytes: Int
    }

    private func settle(
        _ files: [Unsettled], in tree: CopiedTree, _ step: Step
    ) throws(StoreError) -> [Digest] {
        let places = files.map { file in
            let walked = tree.folders[file.folder].walked
            let name = walked.files[file.file].name
            return tree.place.appending(joined(walked.path, name))
        }
        let sizes = files.map { tree.folders[$0.folder].walked.files[$0.file].status.sizeBytes }
        let ranges = FileBatch.ranges(sizes)
        let digests = try store.workers.map(
            ranges.count,
            makeState: { FileCopier(store.fileSystem, blobs: store.blobFolder) },
            { (number, copier) throws(StoreError) in
                try settle(
                    ranges[number].map { number in
                        let file = files[number]
                        return UnsettledFile(
                            copy: tree.folders[file.folder].files[file.file],
                            place: places[number], sizeBytes: sizes[number])
                    }, step, copier)
            })
        return digests.flatMap { $0 }
    }

    /// - Returns: The digests of the files as they are then.
    private func settle(
        _ files: [UnsettledFile], _ step: Step, _ copier: FileCopier
    ) throws(StoreError) -> [Digest] {
        var batch = FileBatch(store.fileSystem, copier.buffer)
        var digests = files.map(\.copy.digest)
        // The batch has the buffer from its first file on, so the others come before it.
        var batched: [Int] = []
        let isSmall = files.map { FileBatch.isSmall($0.sizeBytes) }
        let order = files.indices.filter { !isSmall[$0] } + files.indices.filter { isSmall[$0] }
        for number in order where !hasDigest(files[number], step) || step.isLast {
            let file = files[number]
            let descriptor = try store.fileSystem.open(file.place, .update)
            defer { store.fileSystem.close(descriptor) }
            try write(file, step, descriptor)
            if hasDigest(file, step) { continue }
            if isSmall[number] {
                try batch.read(descriptor, file.sizeBytes)
                batched.append(number)
            } else {
                digests[number] = try copier.digest(of: descriptor)
            }
        }
        for (number, digest) in zip(batched, batch.digests()) { digests[number] = digest }
        guard step.isLast else { return digests }
        for (file, digest) in zip(files, digests) {
            let blob = Blob(digest: digest, isExecutable: file.copy.isExecutable)
            try store.blobFolder.give(blob, file.place)
        }
        return digests
    }

    /// Whether a file's digest after a step is known: that with blanks, of a file with no name but
    /// its own, was taken when it was copied; and a file without its own name does not change any
    /// more.
    private func hasDigest(_ file: UnsettledFile, _ step: Step) -> Bool {
        let offsets = file.copy.found.offsets
        return switch step {
        case .siblings: offsets.count == 1 && offsets[own] != nil
        case .own: offsets[own] == nil
        }
    }

    /// Writes the names of a step; and if it is the last one, makes the file as files of the store
    /// are.
    private func write(
        _ file: UnsettledFile, _ step: Step, _ descriptor: Descriptor
    ) throws(StoreError) {
        for (number, offsets) in file.copy.found.offsets {
            switch (step, number == own) {
            case (.siblings, false): try put(sibling(number), at: offsets, descriptor)
            case (.siblings, true): try put(StoreName.blank, at: offsets, descriptor)
            case (.own(let name), true):
                try put(Array(name.description.utf8), at: offsets, descriptor)
            case (.own, false): break
            }
        }
        guard step.isLast else { return }
        try store.fileSystem.setPermissions(
            descriptor, Blob.permissions(isExecutable: file.copy.isExecutable))
        try store.fileSystem.setTimes(descriptor, seconds: StoreTime.seconds)
    }

    private func put(
        _ name: [UInt8], at offsets: [Int], _ descriptor: Descriptor
    ) throws(StoreError) {
        for offset in offsets {
            try name.withUnsafeBufferPointer { (bytes) throws(StoreError) in
                try store.fileSystem.write(descriptor, UnsafeRawBufferPointer(bytes), at: offset)
            }
        }
    }

    private func sibling(_ number: Int) -> [UInt8] {
        guard let name = names[number] else {
            preconditionFailure("an output that comes before one it refers to")
        }
        return Array(name.description.utf8)
    }

    private func apply(
        _ digests: [Digest], to files: [Unsettled], in tree: inout CopiedTree
    ) {
        for (file, digest) in zip(files, digests) {
            tree.folders[file.folder].files[file.file].digest = digest
        }
    }

    /// A symlink with names in place of placeholders, and with `own` in that of its own one.
    private func resolved(_ symlink: Directory.Symlink, own blank: [UInt8]) -> Directory.Symlink {
        var target = Array(symlink.target.utf8)
        for hit in ScannedOutput.hits(symlink.target, scan) where scan.replaced.contains(hit.name) {
            let name = hit.name == own ? blank : sibling(hit.name)
            target.replaceSubrange(hit.offset..<hit.offset + NameScanner.length, with: name)
        }
        return Directory.Symlink(
            name: symlink.name, target: String(decoding: target, as: UTF8.self))
    }

    private func selfReferences(_ unsettled: [Unsettled]) -> [SelfReference] {
        var references: [SelfReference] = []
        for file in unsettled {
            let folder = output.tree.folders[file.folder]
            let path = joined(folder.walked.path, folder.walked.files[file.file].name)
            for offset in folder.files[file.file].found.offsets[own] ?? [] {
                references.append(SelfReference(path: path, offset: offset))
            }
        }
        for folder in output.tree.folders {
            for symlink in folder.symlinks {
                for hit in ScannedOutput.hits(symlink.target, scan) where hit.name == own {
                    references.append(
                        SelfReference(
                            path: joined(folder.walked.path, symlink.name), offset: hit.offset))
                }
            }
        }
        return references
    }
}
