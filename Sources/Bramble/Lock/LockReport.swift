/// What the lock file lacks, or has too much.
public struct LockReport: Sendable {
    /// What is fetched and not locked: URLs, and references of Git.
    public let missing: [String]
    /// What is locked and not fetched any more.
    public let unused: [String]

    public var isComplete: Bool { missing.isEmpty && unused.isEmpty }
}
