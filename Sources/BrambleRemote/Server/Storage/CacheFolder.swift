package import BrambleModel
internal import Glibc
internal import SwiftProtobuf
internal import Synchronization

/// The server's storage: blobs and action results as files, of which those that were used last are
/// kept, as many as fit.
///
/// `cas/` and `ac/` have one file for each hash; `incoming/` has what is being uploaded. A file gets its place
/// by a rename when it is complete and its hash is checked, so whatever has a place is whole. The
/// order of uses is kept in memory, and in the times of the files as far as a restart needs it: there is no
/// index on disk that could disagree with the files.
package final class CacheFolder: Sendable {
    private struct State {
        var usage = UsageList()
        /// What uploads that are not complete have written.
        var incomingBytes = 0
    }

    /// The folder itself.
    let descriptor: Int32
    package let path: String
    /// What all files may take together.
    package let maximumBytes: Int
    private let lock: Int32
    private let state = Mutex(State())
    private let nextIncoming = Atomic(0)

    /// Opens a folder, or makes it, and looks through all that is in it.
    ///
    /// - Throws: `files` if it can't be used, or another server uses it.
    package init(path: String, maximumBytes: Int) throws(CacheError) {
        self.path = path
        self.maximumBytes = maximumBytes
        try CacheFolder.make(path)
        descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CacheError(call: "open", path: path) }
        lock = openat(descriptor, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard lock >= 0 else {
            defer { close(descriptor) }
            throw CacheError(call: "open", path: path + "/lock")
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            close(lock)
            throw CacheError(.files, "another server uses the folder `\(path)`")
        }
        try makeFolders()
        removeIncoming()
        let found = CacheScan(folder: descriptor).run()
        state.withLock { state in
            for file in found {
                state.usage.insert(
                    file.key, sizeBytes: file.sizeBytes, recordedUse: file.usedAt)
            }
        }
        try reserve(0)
    }

    deinit {
        close(descriptor)
        close(lock)
    }

    /// What all files take.
    package var sizeBytes: Int { state.withLock { $0.usage.totalBytes + $0.incomingBytes } }

    /// How many files there are.
    package var count: Int { state.withLock { $0.usage.count } }

    /// Which of the blobs are not there; those that are count as used now.
    package func missing(_ digests: [Digest]) -> [Digest] {
        let now = time(nil)
        var toRecord: [CacheKey] = []
        let missing = state.withLock { state in
            digests.filter { digest in
                if digest.sizeBytes == 0 { return digest != CacheFolder.emptyDigest }
                let key = CacheKey.blob(digest.hash)
                guard let use = state.usage.use(key, now: now),
                    use.entry.sizeBytes == digest.sizeBytes
                else { return true }
                if use.isToBeRecorded { toRecord.append(key) }
                return false
            }
        }
        for key in toRecord { record(key) }
        return missing
    }

    /// The size of a blob of which only the hash is known; nil if it is not there.
    package func size(ofBlob hash: ContentHash) -> Int? {
        if hash == CacheFolder.emptyDigest.hash { return 0 }
        return state.withLock { $0.usage[.blob(hash)]?.sizeBytes }
    }

    /// The one blob that always is there.
    static let emptyDigest = Digest(of: [])

    // MARK: - For files

    /// Opens a file, which counts as used now.
    func open(_ key: CacheKey) throws(CacheError) -> CachedFile {
        let use = state.withLock { $0.usage.use(key, now: time(nil)) }
        guard let use else { throw CacheError(.notFound, "there is no `\(key.path)`") }
        if use.isToBeRecorded { record(key) }
        let file = openat(descriptor, key.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else {
            guard errno == ENOENT else { throw CacheError(call: "open", path: key.path) }
            // Removed just now, or by somebody else.
            drop(key)
            throw CacheError(.notFound, "there is no `\(key.path)`")
        }
        return CachedFile(descriptor: file, sizeBytes: use.entry.sizeBytes)
    }

    /// Forgets and removes a file.
    func drop(_ key: CacheKey) {
        state.withLock { state in
            // Under the lock, so that nobody puts a new one there in between.
            state.usage.remove(key)
            unlinkat(descriptor, key.path, 0)
        }
    }

    func newIncomingName() -> String {
        "incoming/\(nextIncoming.add(1, ordering: .relaxed).newValue)"
    }

    /// Makes room for bytes that are about to be written, by removing what was not used for longest.
    ///
    /// - Throws: `noRoom` if uploads alone would take more than there may be.
    func reserve(_ count: Int) throws(CacheError) {
        let (isDone, removed) = state.withLock { state -> (Bool, [String]) in
            guard state.incomingBytes + count <= maximumBytes else { return (false, []) }
            state.incomingBytes += count
            return (true, evict(&state))
        }
        removeLater(removed)
        guard isDone else {
            throw CacheError(
                .noRoom,
                "what is being uploaded is more than the \(maximumBytes) bytes there may be")
        }
    }

    /// Gives back what was reserved.
    func release(_ count: Int) {
        state.withLock { $0.incomingBytes -= count }
    }

    /// Gives a complete file its place. Its bytes stay reserved until they are released.
    func adopt(_ name: String, as key: CacheKey, sizeBytes: Int) throws(CacheError) {
        let (status, removed) = state.withLock { state -> (Int32, [String]) in
            guard renameat(descriptor, name, descriptor, key.path) == 0 else { return (errno, []) }
            state.usage.insert(key, sizeBytes: sizeBytes, recordedUse: time(nil))
            return (0, evict(&state, alreadyCounted: sizeBytes))
        }
        removeLater(removed)
        errno = status
        guard status == 0 else { throw CacheError(call: "rename", path: key.path) }
    }

    /// Takes files out of their places until all fits.
    ///
    /// - Returns: Where they are now; to be removed without the lock, as that takes its time.
    private func evict(_ state: inout State, alreadyCounted: Int = 0) -> [String] {
        var removed: [String] = []
        while state.usage.totalBytes + state.incomingBytes - alreadyCounted > maximumBytes,
            let oldest = state.usage.oldest
        {
            state.usage.remove(oldest.key)
            let name = newIncomingName()
            if renameat(descriptor, oldest.key.path, descriptor, name) == 0 { removed.append(name) }
        }
        return removed
    }

    private func removeLater(_ names: [String]) {
        for name in names { unlinkat(descriptor, name, 0) }
    }

    /// Tells the disk that a file is used now.
    private func record(_ key: CacheKey) {
        utimensat(descriptor, key.path, nil, AT_SYMLINK_NOFOLLOW)
    }

    // MARK: - At the start

    private static func make(_ path: String) throws(CacheError) {
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw CacheError(call: "mkdir", path: path)
        }
    }

    private func makeFolders() throws(CacheError) {
        try CacheFolder.make(path + "/incoming")
        for kind in CacheKey.Kind.allCases {
            try CacheFolder.make("\(path)/\(kind.folder)")
            for number in 0..<256 {
                try CacheFolder.make("\(path)/\(kind.folder)/\(CacheScan.folderName(number))")
            }
        }
    }

    /// What another run has left.
    private func removeIncoming() {
        for name in CacheScan.names(in: "incoming", of: descriptor) {
            unlinkat(descriptor, "incoming/" + name, 0)
        }
    }
}
