import ArgumentParser
import Bramble
import BrambleModel
import BrambleRemote

/// `bramble cache …`
struct CacheCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "Move results to and from a shared cache.",
        discussion: """
            A cache is any server of the Remote Execution API, such as `bramble server`. Builds use \
            it by themselves; these commands are for what was built without it.
            """,
        subcommands: [
            CachePushCommand.self, CachePullCommand.self, CacheStatsCommand.self,
            CacheKeyCommand.self,
        ])
}

/// Which cache.
struct CacheOptions: ParsableArguments {
    @Option(
        name: .customLong("remote-cache"),
        help: .init(
            "The cache, grpc://HOST:PORT; by default that of the configuration.",
            valueName: "address"))
    var remoteCache: String?

    func settings() -> BuildSettings {
        var settings = BuildSettings()
        settings.remoteCache = remoteCache
        settings.lending = RemoteConnections.lend
        settings.configurationFile = StandardFolders.configurationFile
        settings.environment = ProcessEnvironment.all
        return settings
    }
}

/// `bramble cache push [OBJECT…]`
struct CachePushCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "push",
        abstract: "Put what was built here into the cache.",
        discussion: "Objects go with all that they refer to, and with the builds that yielded them."
    )

    @OptionGroup var global: GlobalOptions
    @OptionGroup var cache: CacheOptions
    @Argument(
        help: .init("The objects; by default the results of all builds.", valueName: "object"))
    var objects: [String] = []

    func run(_ console: Console) throws -> ExitStatus {
        let store = try console.openStore()
        var names: [StoreName] = []
        for object in objects { names.append(try store.objectName(object)) }
        let (settings, final) = (cache.settings(), names)
        let pushed = try console.runTask { _ throws(BrambleError) in
            try await store.push(final, settings)
        }
        console.say(
            "pushed \(pushed.builds) builds: \(pushed.objects) objects were not there, "
                + "\(DataSize(bytes: pushed.sizeBytes))")
        return .success
    }
}

/// `bramble cache pull OBJECT…`
struct CachePullCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Take objects, with all that they refer to, from the cache.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var cache: CacheOptions
    @Argument(help: .init("Their whole names, or paths.", valueName: "object"))
    var objects: [String]

    func run(_ console: Console) throws -> ExitStatus {
        let store = try console.openStore()
        var names: [StoreName] = []
        for object in objects {
            guard let name = store.objectName(ifWhole: object) else {
                throw BrambleError(
                    .usage, "`\(object)` is not the whole name of an object",
                    hint: "it has 32 characters; `bramble build` prints paths that end in it")
            }
            names.append(name)
        }
        let (settings, final) = (cache.settings(), names)
        let pulled = try console.runTask { _ throws(BrambleError) in
            try await store.pull(final, settings)
        }
        console.say("pulled \(pulled.objects) objects, \(DataSize(bytes: pulled.sizeBytes))")
        return .success
    }
}

/// `bramble cache stats`
struct CacheStatsCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Say how much of what was built here the cache has.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var cache: CacheOptions
    @Flag(help: "The result as JSON.")
    var json = false

    private struct Report: Encodable {
        let schema = "bramble/cache-stats/1"
        let builds: Int
        let found: Int
    }

    func run(_ console: Console) throws -> ExitStatus {
        let store = try console.openStore()
        let settings = cache.settings()
        let coverage = try console.runTask { _ throws(BrambleError) in
            try await store.cacheCoverage(settings)
        }
        if json {
            try console.printJSON(Report(builds: coverage.builds, found: coverage.found))
        } else {
            console.write(
                "the cache has \(coverage.found) of the \(coverage.builds) builds of this store\n")
        }
        return .success
    }
}

/// `bramble cache key NAME`
struct CacheKeyCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make a key to sign results with.",
        discussion: """
            The key is written to the file, which is to be kept secret: name it as \
            `signing_key_file` where results are put into a cache. What is printed goes to \
            `trusted_keys` of those who take them from there.
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: .init("What to call it, such as `build.example.org-1`.", valueName: "name"))
    var name: String

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: .init("Where to write it; must not be there yet.", valueName: "file"))
    var output: String

    func run(_ console: Console) throws -> ExitStatus {
        let key: SigningKey
        do throws(Fault) {
            key = try SigningKey(newNamed: name)
        } catch {
            throw BrambleError(.usage, error.message, hint: error.hint)
        }
        try OutputFile.writeSecret(Array((key.text + "\n").utf8), to: output)
        console.write(key.publicText + "\n")
        return .success
    }
}
