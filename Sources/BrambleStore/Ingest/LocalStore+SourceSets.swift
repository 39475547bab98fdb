package import BrambleModel

extension LocalStore {
    /// Takes the digests of several parts of one directory of the host. Each file is looked at
    /// once, however many parts have it; otherwise as `sourceTree`.
    ///
    /// - Parameters:
    ///   - directory: Absolute.
    ///   - sets: For each part its files, and directories as such.
    /// - Returns: In the order of the sets.
    /// - Throws: `notFound` for a path that is not there; `unsupported`.
    package func sourceTrees(
        _ directory: String, _ sets: [[RelativePath]]
    ) throws(StoreError) -> [SourceTree] {
        do throws(StoreError) {
            let now = LocalStore.nanosecondsNow()
            let all = try WalkedTree(fileSystem, Place(directory), paths: sets.flatMap { $0 })
            let cache = try statCache(directory)
            var reading = SourceReading(all, cache)
            try reading.read(fileSystem, workers, Place(directory))
            let fresh = reading.cache(now: now, keeping: cache)
            if fresh != cache { try keep(fresh, directory) }
            if sets.count == 1 { return [reading.sourceTree(directory)] }
            let known = reading.known
            let entries = all.entries
            var trees: [SourceTree] = []
            for paths in sets {
                let part = WalkedTree(paths: paths, entries: entries)
                trees.append(SourceReading(part, known).sourceTree(directory))
            }
            return trees
        } catch {
            throw error.during("cannot read the sources in `\(directory)`")
        }
    }
}

extension SourceReading {
    func sourceTree(_ directory: String) -> SourceTree {
        SourceTree(
            directory: directory, tree: tree(Place(directory)), readCount: unknown.count)
    }
}
