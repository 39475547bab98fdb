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

    /// Looks now and then, until the task is cancelled.
    func run(_ warn: @Sendable (String) -> Void) async {
        while !Task.isCancelled {
            do throws(StoreError) {
                try await Blocking.run { () throws(StoreError) in try tidy() }
            } catch {
                warn("\(error)")
            }
            // Cancelled: the loop ends.
            try? await Task.sleep(for: StoreUpkeep.pause)
        }
    }

    /// Makes room for an eighth of what there may be, so that not each build is followed by a collection. What builds
    /// that run have, or need, stays.
    func tidy() throws(StoreError) {
        guard try store.objectsSizeBytes() > maximumBytes else { return }
        _ = try store.collectGarbage(
            CollectionPolicy(
                keepSeconds: StoreUpkeep.keepSeconds,
                maximumSizeBytes: maximumBytes - maximumBytes / 8))
    }
}
