package import BrambleModel
internal import Glibc

extension LocalStore {
    /// Takes the digests of a directory of the host. Only files that have changed since the last
    /// time are read, and nothing is copied: that is for builds to ask for, with `addSources`.
    ///
    /// - Parameters:
    ///   - directory: Absolute.
    ///   - paths: The files to see, and directories as such, without what is in them; nil for
    ///     everything.
    /// - Throws: `notFound` for a path that is not there; `unsupported`.
    package func sourceTree(
        _ directory: String, paths: [RelativePath]? = nil
    ) throws(StoreError) -> SourceTree {
        do throws(StoreError) {
            let now = LocalStore.nanosecondsNow()
            let walked = try walk(directory, paths)
            let cache = try statCache(directory)
            var reading = SourceReading(walked, cache)
            try reading.read(fileSystem, workers, Place(directory))
            // Of a part of the directory, nothing is learned about the rest.
            let fresh = reading.cache(now: now, keeping: paths == nil ? nil : cache)
            if fresh != cache { try keep(fresh, directory) }
            return reading.sourceTree(directory)
        } catch {
            throw error.during("cannot read the sources in `\(directory)`")
        }
    }

    /// Copies sources into the store.
    ///
    /// - Parameters: As for `sourceTree`.
    /// - Throws: `corrupt` if the files have changed since `expected` was taken.
    package func addSources(
        _ directory: String, paths: [RelativePath]? = nil, expecting expected: Digest
    ) throws(StoreError) -> StoredObject {
        if let known = try findObject(tree: expected) {
            try lease([known.name])
            return known
        }
        let operation = "cannot add the sources in `\(directory)`"
        do throws(StoreError) {
            let place = session.newPlace()
            let copied = try copier().copy(
                try walk(directory, paths), from: Place(directory), to: place)
            let tree = copied.tree()
            guard tree.root == expected else {
                try fileSystem.removeTree(place)
                throw StoreError(.corrupt, "they have changed since the build has begun")
            }
            try copied.finish(fileSystem)
            return try publishOne(
                Draft(place: place, name: StoreName(tree: expected), tree: tree, references: []),
                operation)
        } catch {
            throw error.during(operation)
        }
    }

    private func walk(
        _ directory: String, _ paths: [RelativePath]?
    ) throws(StoreError) -> WalkedTree {
        guard let paths else {
            return try WalkedTree(fileSystem, Place(directory), name: directory)
        }
        return try WalkedTree(fileSystem, Place(directory), paths: paths)
    }

    func statCache(_ directory: String) throws(StoreError) -> StatCache {
        guard let bytes = try cachedValue(LocalStore.statKind, directory) else {
            return StatCache()
        }
        return StatCache(decoding: bytes) ?? StatCache()
    }

    /// The kind of value, with the version of its form.
    static let statKind = "stat/2"

    func keep(_ cache: StatCache, _ directory: String) throws(StoreError) {
        try setCachedValue(cache.encoded, LocalStore.statKind, directory)
    }

    /// The clock that files get their times from, but finer: never behind it.
    package static func nanosecondsNow() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
