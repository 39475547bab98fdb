import BrambleModel
import BrambleStore
import Glibc

extension BuildWork {
    /// Fetches a file or an archive. What is not unpacked is the one file of its output, named as in
    /// the URL.
    func fetch(_ fetch: Derivation.FetchURL, in folder: String) async throws -> Built {
        let start = ContinuousClock.now
        let (hash, report) = (derivation.hash, services.report)
        let path = folder + "/fetched"
        let fetched = try await services.fetcher.fetch(
            fetch, lockedHash: facts.hash(of: fetch), to: path
        ) { bytes, total in
            report(.fetched(derivation: hash, bytes: bytes, of: total))
        }
        var directory = path
        if case .file = fetched.kind {
            directory = folder + "/out"
            try wrap(path, in: directory, named: BuildWork.fileName(fetch, derivation))
        }
        let key = try effectiveKey { fields in
            fields.env["hash"] = fetched.urlHash.hash.description
        }
        var built = Built(record: try register(directory, key, since: start))
        if facts.hash(of: fetch) == nil { built.urlHash = fetched.urlHash }
        return built
    }

    /// Fetches the tree of a commit.
    func fetch(_ fetch: Derivation.FetchGit, in folder: String) async throws -> Built {
        let start = ContinuousClock.now
        let pinned = facts.pin(of: fetch)
        let path = folder + "/fetched"
        let fetched = try await services.fetcher.fetch(fetch, pinned: pinned?.commit, to: path)
        let key = try effectiveKey { fields in fields.env["reference"] = fetched.commit }
        let record = try register(path, key, since: start)
        let pin = fetched.pin(tree: record.outputs[0].tree)
        if let pinned, pinned.tree != pin.tree {
            throw BuildFailure(
                .hashMismatch,
                "cannot fetch `\(fetch.reference)` of `\(fetch.url)`: the commit `\(pin.commit)` has "
                    + "the tree `\(pin.tree)`, and the lock says `\(pinned.tree)`",
                hint: "if the change is expected, update the lock; nothing was changed now")
        }
        return Built(record: record, gitPin: pinned == nil ? pin : nil)
    }

    /// Fetches again.
    ///
    /// - Throws: `BuildFailure` if something else comes; `FetchError` if nothing does.
    func checkFetch(_ expected: BuildRecord) async throws {
        let folder = try store.newWorkFolder()
        defer { TreeRemoval.remove(folder) }
        let built: Built
        switch derivation.kind {
        case .fetchURL(let fetch): built = try await self.fetch(fetch, in: folder)
        case .fetchGit(let fetch): built = try await self.fetch(fetch, in: folder)
        case .run, .derivationOutput: preconditionFailure("what is run is no fetch")
        }
        for (old, new) in zip(expected.outputs, built.record.outputs) where old.name != new.name {
            throw BuildFailure(
                .notReproducible,
                "`\(derivation.name)` is not what it was: fetched again, it is `\(new.name)` rather "
                    + "than `\(old.name)`",
                hint: "`bramble diff \(old.name) \(new.name)` shows where they differ")
        }
    }

    /// The key of a fetch, once it is known what it yields: with that as if the derivation said it.
    private func effectiveKey(_ change: (inout Derivation.Fields) -> Void) throws -> BuildKey {
        try BuildWork.effectiveKey(derivation, change)
    }

    /// The key that a fetch will have; nil if it is not known what it must yield.
    static func key(_ derivation: Derivation, _ facts: FetchFacts) throws -> BuildKey? {
        switch derivation.kind {
        case .fetchURL(let fetch):
            guard let hash = facts.hash(of: fetch) else { return nil }
            return try effectiveKey(derivation) { $0.env["hash"] = hash.description }
        case .fetchGit(let fetch):
            guard let pin = facts.pin(of: fetch) else { return nil }
            return try effectiveKey(derivation) { $0.env["reference"] = pin.commit }
        case .run, .derivationOutput: return nil
        }
    }

    private static func effectiveKey(
        _ derivation: Derivation, _ change: (inout Derivation.Fields) -> Void
    ) throws -> BuildKey {
        var fields = derivation.fields
        change(&fields)
        return try ResolvedDerivation(try Derivation(fields), .init()).key
    }

    private func register(
        _ directory: String, _ key: BuildKey, since start: ContinuousClock.Instant
    ) throws -> BuildRecord {
        let facts = facts(key, .now - start)
        let outputs = try store.register(
            OutputsToRegister(
                derivation: derivation.name, directories: [derivation.outputs[0]: directory],
                candidates: [], mayBeTaken: true),
            facts: facts)
        return BuildRecord(facts, outputs: outputs)
    }

    /// What a fetched file is called.
    static func fileName(_ fetch: Derivation.FetchURL, _ derivation: Derivation) -> String {
        URLPath.fileName(fetch.url.description) ?? derivation.name.description
    }

    private func wrap(_ file: String, in directory: String, named name: String) throws(StoreError) {
        guard mkdir(directory, 0o755) == 0 else {
            throw StoreError(call: "mkdir", path: directory, number: errno)
        }
        guard rename(file, directory + "/" + name) == 0 else {
            throw StoreError(call: "rename", path: file, number: errno)
        }
    }
}
