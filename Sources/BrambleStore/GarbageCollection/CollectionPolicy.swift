/// What a collection may remove.
package struct CollectionPolicy: Sendable {
    /// What was used within this time is kept, whether anything needs it or not. Seconds.
    package var keepSeconds: Int
    /// If given, objects that were used within that time go too, the least recently used first,
    /// until what is left is no larger. Never what roots or open stores need.
    package var maximumSizeBytes: Int?
    /// Only says what would be removed.
    package var isDryRun: Bool

    package init(keepSeconds: Int, maximumSizeBytes: Int? = nil, isDryRun: Bool = false) {
        self.keepSeconds = keepSeconds
        self.maximumSizeBytes = maximumSizeBytes
        self.isDryRun = isDryRun
    }
}

/// What a collection has removed, or would.
package struct CollectionReport: Hashable, Sendable {
    /// Objects, in the order of removal: none before what refers to it.
    package var objects: [StoredObject] = []
    /// Contents that no object has any more.
    package var blobCount = 0
    /// What the disk has got back. Contents that several objects had count once; of a dry run,
    /// which does not know what they share, this is what the objects have together.
    package var freedBytes = 0
    /// Left over from processes that were killed.
    package var leftoverCount = 0
}
