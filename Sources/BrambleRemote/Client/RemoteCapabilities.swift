import BrambleREAPI

/// What an engine can do, as far as we make use of it (REAPI v2, `ServerCapabilities`).
struct RemoteCapabilities: Sendable {
    /// What contents of one message may add up to, with its other bytes.
    let batchBytes: Int
    /// Whether contents may be compressed by zstd.
    let hasZstd: Bool
    let executes: Bool
    /// Whether it looks into its action cache when it is to run an action: those of version 2.0 may not.
    let looksUpResults: Bool
    /// Whether the action cache may be written to.
    let updatesActions: Bool

    /// gRPC's limit for a message, unless a server says otherwise, less what is not content.
    private static let usualBatchBytes = (4 << 20) - 64 << 10

    /// - Throws: `unsupported` if we have nothing in common.
    init(_ message: CapabilitiesMessage) throws(RemoteError) {
        let cache = message.cacheCapabilities
        guard cache.digestFunctions.isEmpty || cache.digestFunctions.contains(.sha256) else {
            throw RemoteError(.unsupported, "the engine does not know contents by SHA-256")
        }
        let limit = Int(cache.maxBatchTotalSizeBytes)
        batchBytes =
            limit > 0
            ? min(limit, RemoteCapabilities.usualBatchBytes) : RemoteCapabilities.usualBatchBytes
        hasZstd = cache.supportedCompressors.contains(.zstd)
        let version = message.highApiVersion
        looksUpResults = version.major != 2 || version.minor > 0
        executes = message.executionCapabilities.execEnabled
        updatesActions = cache.actionCacheUpdateCapabilities.updateEnabled
    }
}
