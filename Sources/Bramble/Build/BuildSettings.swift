/// How to build: none of it changes what comes out.
public struct BuildSettings: Sendable {
    /// How many builders run at once; nil for as many as there are processors.
    public var jobs: Int?
    /// Whether to go on with what does not need what has failed.
    public var keepsGoing = false
    /// How long a builder may run.
    public var timeout: Duration?
    /// How long a builder may run without a line of its log.
    public var maximumSilence: Duration?
    /// Bytes of memory that each process of a builder may map.
    public var memoryBytes: Int?
    /// Bytes that a builder may write to disk.
    public var outputBytes: Int?
    /// Whether to build what was asked for even if it is there.
    public var rebuilds = false
    /// How many times to build it again, to compare.
    public var checks = 0
    /// Whether only to find out what would be built.
    public var isDryRun = false
    /// `--locked`: whether the lock file must not change.
    public var isLocked = false
    /// `--offline`: whether the network must not be used.
    public var isOffline = false
    /// Other machines instead of those that the user's configuration names; empty for none.
    public var remoteCache: String?
    /// As `remoteCache`, for an engine.
    public var remoteExecutor: String?
    /// As `remoteCache`, for a machine that does whole builds.
    public var remoteBuilder: String?
    /// How the engine runs actions, instead of what the user's configuration says.
    public var remoteRoot: RemoteSettings.Root?
    /// Connects to other machines; nil if nobody can.
    package var lending: RemoteLending?
    /// The user's configuration, an absolute path; nil for none.
    public var configurationFile: String?
    /// Where proxies, `HOME` and the like come from.
    public var environment: [String: String] = [:]

    public init() {}
}
