internal import Glibc
internal import Synchronization

/// What one process (more exactly: one open store) has on disk for itself: a folder below `tmp/`,
/// locked as long as the process lives.
///
/// Whoever gets the lock of such a folder knows that its owner is gone, however it went; so
/// whatever is left of a process that was killed can be told from what is in use.
final class Session: Sendable {
    /// The name of the folder; also what the process's leases are kept under.
    let name: String
    let folder: Descriptor

    private let fileSystem: any FileSystem
    private let parent: Descriptor
    /// Has the descriptor of `parent`, which must stay open until the folder is removed.
    private let owner: StoreFolder
    private let counter = Atomic<Int>(0)
    private let isEnded = Atomic(false)

    init(in owner: StoreFolder) throws(StoreError) {
        fileSystem = owner.fileSystem
        parent = owner.temporary
        self.owner = owner
        (name, folder) = try Session.create(owner.fileSystem, below: owner.temporary)
    }

    deinit {
        end()
        fileSystem.close(folder)
    }

    /// Checks that the store's owner can use what this process makes: root may write to anybody's
    /// store, and would leave files in it that its owner can neither link nor write to. What counts
    /// is whose files are made here, not who asks: some file systems give all of them to one user.
    ///
    /// - Throws: `incompatible`.
    func checkOwner() throws(StoreError) {
        let owner = try fileSystem.status(of: self.owner.root).owner
        let maker = try fileSystem.status(of: folder).owner
        guard owner == maker else {
            throw StoreError(
                .incompatible,
                "it belongs to user \(owner), who could not use what is made by user \(maker)",
                cause: ForeignStore(owner: owner, maker: maker))
        }
    }

    /// Removes the folder, before the last one who uses the store has gone.
    func end() {
        guard !isEnded.exchange(true, ordering: .relaxed) else { return }
        // What cannot be removed now, the next collection removes.
        try? fileSystem.removeTree(Place(parent, name))
    }

    /// A place that nobody else uses.
    func newPlace() -> Place {
        Place(folder, String(counter.add(1, ordering: .relaxed).newValue))
    }

    private static func create(
        _ fileSystem: any FileSystem, below parent: Descriptor
    ) throws(StoreError) -> (String, Descriptor) {
        for _ in 0..<attempts {
            let name = "\(getpid())-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
            let place = Place(parent, name)
            try fileSystem.makeDirectory(place, permissions: 0o700)
            let folder = try fileSystem.open(place, .directory)
            // Between the two calls a collection may have taken the folder for a dead one's.
            if try fileSystem.lock(folder),
                try fileSystem.status(at: place) != nil
            {
                return (name, folder)
            }
            fileSystem.close(folder)
        }
        throw StoreError(.system, "cannot make a folder for this process below `tmp`")
    }

    /// A collection that removes new folders over and over is no accident.
    private static let attempts = 100
}
