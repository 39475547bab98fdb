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
    }

    private func settle(
        _ files: [Unsettled], in tree: CopiedTree, _ step: Step
    ) throws(StoreError) -> [Digest] {
        try store.workers.map(
            files.count,
            makeState: { FileCopier(store.fileSystem, blobs: store.blobFolder) },
            { (number, copier) throws(StoreError) in
                let folder = tree.folders[files[number].folder]
                let file = folder.files[files[number].file]
                let place = tree.place.appending(
                    joined(folder.walked.path, folder.walked.files[files[number].file].name))
                return try settle(file, place, step, copier)
            })
    }

    /// - Returns: The digest of the file as it is then.
    private func settle(
        _ file: CopiedFile, _ place: Place, _ step: Step, _ copier: FileCopier
    ) throws(StoreError) -> Digest {
        let fileSystem = store.fileSystem
        let hasOwn = file.found.offsets[own] != nil
        if case .siblings = step, file.found.offsets.count == 1, hasOwn {
            // The first pass has hashed it with blanks already.
            return file.digest
        }
        let descriptor = try fileSystem.open(place, .update)
        defer { fileSystem.close(descriptor) }
        for (number, offsets) in file.found.offsets {
            switch (step, number == own) {
            case (.siblings, false): try put(sibling(number), at: offsets, descriptor)
            case (.siblings, true): try put(StoreName.blank, at: offsets, descriptor)
            case (.own(let name), true):
                try put(Array(name.description.utf8), at: offsets, descriptor)
            case (.own, false): break
            }
        }
        guard case .own = step else { return try copier.digest(of: descriptor) }
        // Without its own name in it, the file's digest is the one that is known.
        let digest = hasOwn ? try copier.digest(of: descriptor) : file.digest
        let blob = Blob(digest: digest, isExecutable: file.isExecutable)
        try fileSystem.setPermissions(descriptor, blob.permissions)
        try fileSystem.setTimes(descriptor, seconds: StoreTime.seconds)
        try store.blobFolder.give(blob, place)
        return digest
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
