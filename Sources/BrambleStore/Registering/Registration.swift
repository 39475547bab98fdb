internal import BrambleModel

/// Turns directories that a build has written into objects.
///
/// The difficulty: an output holds its own name and those of other outputs, as placeholders, and a
/// name follows from the content. So:
///
/// 1. Each directory is copied, or taken as it is, in one pass that hashes, and finds placeholders and
///    names of candidates. Files without placeholders are finished by that: almost all of them.
/// 2. Outputs are ordered so that each comes behind those it refers to.
/// 3. One after the other: placeholders of outputs that have names by now are replaced; what is
///    left is the own placeholder. The tree is hashed with blanks in its place, which together with
///    where it stands gives the name; the name is put in its place, and the files are hashed again,
///    as they are.
struct Registration {
    let store: LocalStore
    let request: OutputsToRegister
    /// In the order of their names; their placeholders have the first numbers of what is looked
    /// for.
    let outputs: [OutputName]
    let scan: NameScan

    init(_ store: LocalStore, _ request: OutputsToRegister) {
        self.store = store
        self.request = request
        outputs = request.directories.keys.sorted()
        let placeholders = outputs.map {
            Placeholder(derivation: request.derivation, output: $0).storeName
        }
        let candidates = Set(request.candidates).subtracting(placeholders).sorted()
        scan = NameScan(
            scanner: NameScanner(placeholders + candidates), replaced: 0..<outputs.count)
    }

    /// - Returns: For each output, in their order, the object it has become; not yet published.
    func drafts() throws(StoreError) -> [Draft] {
        var copies: [ScannedOutput] = []
        for (number, output) in outputs.enumerated() { copies.append(try copy(output, number)) }
        let order = try OutputOrder(uses: copies.map(\.replacedNames), outputs).numbers
        var names = [StoreName?](repeating: nil, count: outputs.count)
        var drafts = [Draft?](repeating: nil, count: outputs.count)
        for number in order {
            let naming = OutputNaming(
                store: store, scan: scan, own: number, names: names, output: copies[number])
            let draft = try naming.draft()
            names[number] = draft.name
            drafts[number] = draft
        }
        return drafts.compactMap(\.self)
    }

    private func copy(_ output: OutputName, _ number: Int) throws(StoreError) -> ScannedOutput {
        guard let path = request.directories[output] else {
            preconditionFailure("an output without a directory")
        }
        let name = "\(request.derivation):\(output)"
        let scanned = ScannedOutput(try tree(of: path, name, number), scan)
        if let path = scanned.pathWithPlaceholder {
            throw StoreError(
                .unsupported,
                "the name of the file `\(path)` in `\(name)` holds a placeholder of an output; "
                    + "names of files cannot change with the content")
        }
        return scanned
    }

    /// Copies a directory, or takes it.
    private func tree(
        of path: String, _ name: String, _ number: Int
    ) throws(StoreError) -> CopiedTree {
        let copier = store.copier(scan: scan, ownName: number)
        guard request.mayBeTaken, let place = take(path) else {
            let source = Place(path)
            return try copier.copy(
                WalkedTree(store.fileSystem, source, name: name), from: source,
                to: store.session.newPlace())
        }
        do throws(StoreError) {
            return try copier.take(
                WalkedTree(store.fileSystem, place, name: name), at: place,
                owner: store.fileSystem.status(of: store.session.folder).owner)
        } catch {
            // Whoever made it knows how to remove it, whatever is in it.
            try? store.fileSystem.rename(place, to: Place(path))
            throw error
        }
    }

    /// Moves a directory to where only the store looks for it.
    ///
    /// - Returns: Where it is; nil if it is on another file system, or mounted where it is.
    private func take(_ path: String) -> Place? {
        let (source, target) = (Place(path), store.session.newPlace())
        do throws(StoreError) {
            try store.fileSystem.withDirectory(source) { (directory) throws(StoreError) in
                try store.fileSystem.setPermissions(directory, 0o700)
            }
            try store.fileSystem.rename(source, to: target)
        } catch {
            // What is wrong with it shows when it is read.
            return nil
        }
        return target
    }
}
