import ArgumentParser
import Bramble
import Glibc

/// The options of commands that build.
struct BuildOptions: ParsableArguments {
    @Flag(
        name: [.customShort("k"), .customLong("keep-going")],
        help: "After a failure, go on with what does not need what has failed.")
    var keepsGoing = false

    @Option(
        help: .init("How long a builder may run: 90, 90s, 15m, 2h.", valueName: "duration"),
        transform: DurationText.parse)
    var timeout: Duration?

    @Option(
        name: .customLong("max-silent"),
        help: .init("How long a builder may write nothing to its log.", valueName: "duration"),
        transform: DurationText.parse)
    var maximumSilence: Duration?

    @Option(
        name: .customLong("max-memory"),
        help: .init("Memory that each process of a builder may map: 500M, 4G.", valueName: "size"),
        transform: SizeText.parse)
    var memoryBytes: Int?

    @Option(
        name: .customLong("max-output"),
        help: .init("How much a builder may write to disk: 500M, 4G.", valueName: "size"),
        transform: SizeText.parse)
    var outputBytes: Int?

    @Flag(name: .customLong("locked"), help: "Fail rather than change `bramble.lock`.")
    var isLocked = false

    @Flag(name: .customLong("offline"), help: "Do not use the network.")
    var isOffline = false

    @Flag(name: .customLong("frozen"), help: "Both `--locked` and `--offline`.")
    var isFrozen = false

    @Option(
        name: .customLong("remote-cache"),
        help: .init(
            "Take results from a cache, and add to it: grpc://HOST:PORT; empty for none.",
            valueName: "address"))
    var remoteCache: String?

    @Option(
        name: .customLong("remote-executor"),
        help: .init(
            "Run builders on an engine: grpc://HOST:PORT; empty for this machine.",
            valueName: "address"))
    var remoteExecutor: String?

    @Option(
        name: .customLong("builder"),
        help: .init(
            "Have a server do the whole build: grpc://HOST:PORT; empty for this machine.",
            valueName: "address"))
    var remoteBuilder: String?

    @Option(
        name: .customLong("remote-root"),
        help: .init(
            "How the engine runs actions: `input` if their input root is its root, or "
                + "`working-directory`.",
            valueName: "kind"))
    var remoteRoot: RemoteRoot?

    func settings(_ global: GlobalOptions) -> BuildSettings {
        var settings = BuildSettings()
        settings.jobs = global.jobs
        settings.keepsGoing = keepsGoing
        settings.timeout = timeout
        settings.maximumSilence = maximumSilence
        settings.memoryBytes = memoryBytes
        settings.outputBytes = outputBytes
        settings.isLocked = isLocked || isFrozen
        settings.isOffline = isOffline || isFrozen
        settings.remoteCache = remoteCache
        settings.remoteExecutor = remoteExecutor
        settings.remoteBuilder = remoteBuilder
        settings.remoteRoot = remoteRoot?.setting
        settings.lending = RemoteConnections.lend
        settings.configurationFile = StandardFolders.configurationFile
        settings.environment = ProcessEnvironment.all
        return settings
    }
}

/// `RemoteSettings.Root` on the command line.
enum RemoteRoot: String, CaseIterable, ExpressibleByArgument {
    case input
    case workingDirectory = "working-directory"

    var setting: RemoteSettings.Root {
        switch self {
        case .input: .input
        case .workingDirectory: .workingDirectory
        }
    }
}
