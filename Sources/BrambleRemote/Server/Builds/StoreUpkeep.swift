internal import BrambleBuild
internal import BrambleStore

/// Keeps the store in which builds are done within its size, as the storage is: what was used last stays.
struct StoreUpkeep: Sendable {
    private let store: LocalStore
    private let maximumBytes: Int

    /// How often the size is looked at, which is one question to the index.
    private static let pause = Duration.seconds(60)
    /// Not used for so long, it goes with the first collection: a month. Seconds.
    private static let keepSeconds = 30 * 86_400

    /// - Returns: nil if the store may have any size.
    init?(_ host: BuildHost) {
        guard let maximumBytes = host.maximumStoreBytes else { return nil }
        store = host.store
        self.maximumBytes = maximumBytes
    }

    /// Looks now and then, until the task is cancelled. At first it removes what a server has left that was killed.
    func run(_ warn: @Sendable (String) -> Void) async {
        await attempt(warn) { () throws(StoreError) in try collect(to: maximumBytes) }
        while !Task.isCancelled {
            await attempt(warn, tidy)
            // Cancelled: the loop ends.
            try? await Task.sleep(for: StoreUpkeep.pause)
        }
    }

    private func attempt(
        _ warn: @Sendable (String) -> Void,
        _ body: @escaping @Sendable () throws(StoreError) -> Void
    ) async {
        do throws(StoreError) {
            try await Blocking.run(body)
        } catch {
            warn("\(error)")
        }
    }

    /// Makes room if there is none: for an eighth of what there may be, so that not each build is followed by a collection.
    /// What builds that run have, or need, stays.
    @Sendable func tidy() throws(StoreError) {
        guard try store.objectsSizeBytes() > maximumBytes else { return }
        try collect(to: maximumBytes - maximumBytes / 8)
    }

    private func collect(to sizeBytes: Int) throws(StoreError) {
        _ = try store.collectGarbage(
            CollectionPolicy(
                keepSeconds: StoreUpkeep.keepSeconds, maximumSizeBytes: sizeBytes))
    }
}
