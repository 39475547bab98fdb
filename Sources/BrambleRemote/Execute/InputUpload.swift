import BrambleBuild
import BrambleModel
import BrambleStore
import Synchronization

/// Brings to an engine what actions need, and remembers what is there: thousands of actions have most of
/// their inputs in common.
final class InputUpload: Sendable {
    private let store: LocalStore
    private let remote: RemoteStore
    private let state = Mutex(State())
    private let uploads = SharedWork<StoreName, Tree>()
    private let fileUploads = SharedWork<Digest, Void>()

    private struct State {
        /// Objects that are there, with all that they consist of.
        var trees: [StoreName: Tree] = [:]
        /// Other contents that are there.
        var contents: Set<Digest> = []
    }

    private static let objectLimit = 8

    init(_ store: LocalStore, _ remote: RemoteStore) {
        self.store = store
        self.remote = remote
    }

    /// Objects, with all that they consist of: files, and each directory as a message of its own.
    ///
    /// - Throws: What either store throws.
    func objects(_ names: [StoreName]) async throws(StoreError) -> [StoreName: Tree] {
        let known = state.withLock { state in
            Dictionary(
                uniqueKeysWithValues: names.compactMap { name in
                    state.trees[name].map { (name, $0) }
                })
        }
        let missing = names.filter { known[$0] == nil }
        let trees = try await missing.concurrentMap(limit: InputUpload.objectLimit) {
            [self] (name) throws(StoreError) in try await object(name)
        }
        return known.merging(zip(missing, trees)) { old, _ in old }
    }

    private func object(_ name: StoreName) async throws(StoreError) -> Tree {
        do {
            return try await uploads.value(for: name) { [self] in
                let tree = try await store.tree(of: name)
                try await upload(tree)
                state.withLock { $0.trees[name] = tree }
                return tree
            }
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(.unreachable, "stopped")
        }
    }

    private func upload(_ tree: Tree) async throws(StoreError) {
        let directories = tree.directories.values.map { BlobContent($0.encoded) }
        let files = Set(tree.directories.values.flatMap(\.files).map(\.digest))
        let missing = Set(
            try await remote.missingBlobs((directories.map(\.digest) + files).sorted()))
        let (store, remote) = (store, remote)
        let groups = ObjectTransfer.groups(files.intersection(missing).sorted())
        _ = try await groups.concurrentMap(limit: InputUpload.objectLimit) {
            (group) throws(StoreError) in
            if group.count == 1 {
                try await remote.copyBlob(group[0], from: store)
            } else {
                let contents = try await store.readBlobs(group)
                try await remote.addBlobs(
                    zip(group, contents).map { BlobContent(digest: $0, bytes: $1) })
            }
        }
        try await remote.addBlobs(directories.filter { missing.contains($0.digest) })
    }

    /// Contents that are in memory.
    func contents(_ contents: [BlobContent]) async throws(StoreError) {
        let new = state.withLock { state in
            contents.filter { !state.contents.contains($0.digest) }
        }
        try await remote.addBlobs(new)
        state.withLock { $0.contents.formUnion(new.map(\.digest)) }
    }

    /// A file of this machine that is in no store.
    func file(_ content: HelperExecutable.Content) async throws(StoreError) {
        let (digest, path) = (content.digest, content.path)
        do {
            try await fileUploads.value(for: digest) { [self] in
                guard !state.withLock({ $0.contents.contains(digest) }) else { return }
                if try await !remote.missingBlobs([digest]).isEmpty {
                    try await remote.addBlob(digest) { (offset, limit) throws(StoreError) in
                        try HelperFile(path).read(at: offset, limitBytes: limit)
                    }
                }
                state.withLock { _ = $0.contents.insert(digest) }
            }
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(.unreachable, "stopped")
        }
    }

    /// The engine has lost something: from here on nothing counts as there.
    func forget() { state.withLock { $0 = State() } }
}
