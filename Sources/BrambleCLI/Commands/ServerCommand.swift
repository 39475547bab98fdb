import ArgumentParser
import Bramble
import BrambleModel
import BrambleRemote

/// `bramble server`
struct ServerCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "server",
        abstract: "Serve a cache for builds to Bramble, Bazel and others, or build for them.",
        discussion: """
            Speaks the Remote Execution API, and plain HTTP if told so; with `--build`, others hand \
            whole builds to it by `bramble build --builder`. It prints where it listens, and stops on Ctrl-C or SIGTERM when what is under way has ended. Others than this machine \
            are let in only with TLS and with tokens or certificates of their own.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        help: .init(
            "Where to listen; port 0 takes any that is free.", valueName: "address:port"),
        transform: ServerCommand.address)
    var listen = ServerOptions.Address(host: "127.0.0.1", port: 8980)

    @Option(
        help: .init("Where to listen for plain HTTP.", valueName: "address:port"),
        transform: ServerCommand.address)
    var http: ServerOptions.Address?

    @Option(help: .init("Where to keep blobs and results.", valueName: "folder"))
    var folder: String

    @Option(
        name: .customLong("max-size"),
        help: .init(
            "How much to keep: 500M, 20G; what was used last stays.", valueName: "size"),
        transform: SizeText.parse)
    var maximumBytes = 20 << 30

    @Option(
        name: .customLong("tls-certificate"),
        help: .init("The certificate of the server, PEM.", valueName: "file"))
    var certificate: String?

    @Option(
        name: .customLong("tls-key"), help: .init("The certificate's key, PEM.", valueName: "file"))
    var key: String?

    @Option(
        name: .customLong("tls-client-ca"),
        help: .init(
            "Let in only those with a certificate of these authorities, PEM.", valueName: "file"))
    var clientAuthorities: String?

    @Option(
        help: .init(
            "Let in only those with a token of this file, each for its roles.", valueName: "file"))
    var tokens: String?

    @Option(
        name: .customLong("upload-quota"),
        help: .init("How much each client may upload within an hour.", valueName: "size"),
        transform: SizeText.parse)
    var uploadBytesPerHour: Int?

    @Flag(
        name: .customLong("execute"),
        help: "Run actions too, in sandboxes of this machine; `-j` says how many at once.")
    var isExecuting = false

    @Flag(
        name: .customLong("build"),
        help: "Do whole builds too, in a store of its own; `-j` says how many builders at once.")
    var isBuilding = false

    @Option(
        help: .init(
            "Where builds are done; by default `store` in the server's folder.",
            valueName: "folder"))
    var store: String?

    @Option(
        name: .customLong("max-store-size"),
        help: .init(
            "How much to keep there: what was used last stays. By default as much as '--max-size' says, and all of a store of '--store'.",
            valueName: "size"),
        transform: SizeText.parse)
    var maximumStoreBytes: Int?

    @Option(
        help: .init(
            "Show this path of the machine to actions, besides their inputs, and let builds fetch "
                + "from it.", valueName: "path"))
    var expose: [String] = []

    @Option(
        name: .customLong("action-timeout"),
        help: .init("How long each action may run.", valueName: "time"),
        transform: DurationText.parse)
    var actionTimeout = ServerOptions.Execution.usualTimeout

    @Option(
        name: .customLong("stop-limit"),
        help: .init("How long to wait for what is under way when told to stop.", valueName: "time"),
        transform: DurationText.parse)
    var stopLimit = ServerOptions.usualStopLimit

    func validate() throws {
        guard (certificate == nil) == (key == nil) else {
            throw ValidationError("'--tls-certificate' and '--tls-key' belong together.")
        }
        if clientAuthorities != nil, certificate == nil {
            throw ValidationError("'--tls-client-ca' needs '--tls-certificate' and '--tls-key'.")
        }
        if !expose.isEmpty, !isExecuting, !isBuilding {
            throw ValidationError("'--expose' needs '--execute' or '--build'.")
        }
        if store != nil, !isBuilding { throw ValidationError("'--store' needs '--build'.") }
        if maximumStoreBytes != nil, !isBuilding {
            throw ValidationError("'--max-store-size' needs '--build'.")
        }
        if let path = expose.first(where: { !ServerCommand.isClean($0) }) {
            throw ValidationError("`\(path)` is not absolute; write /usr")
        }
    }

    func run(_ console: Console) throws -> ExitStatus {
        var options = try options()
        options.warn = { console.warn($0) }
        if isBuilding { try addBuilding(to: &options, console) }
        let final = options
        let outcome = try console.runService { stop -> ServerError? in
            do {
                let server = try RemoteServer(final)
                try await server.run(until: stop) { addresses in
                    console.write("listening at \(addresses.calls)\n")
                    if let plain = addresses.plain { console.write("http at \(plain)\n") }
                    console.flush()
                }
                return nil
            } catch let error as ServerError {
                return error
            } catch {
                return ServerError(.files, "the server has failed: \(error)")
            }
        }
        guard let outcome else { return .success }
        console.show([.message(outcome.message, hint: outcome.hint)])
        return ExitStatus(outcome.code)
    }

    private func addBuilding(
        to options: inout ServerOptions, _ console: Console
    ) throws(BrambleError) {
        let store = try console.openStore(
            in: store.map(WorkingDirectory.path) ?? options.folder + "/store")
        var settings = BuildSettings()
        settings.jobs = global.jobs
        settings.lending = RemoteConnections.lend
        settings.configurationFile = StandardFolders.configurationFile
        settings.environment = ProcessEnvironment.all
        options.building = try store.hosting(
            settings, showing: expose,
            maximumBytes: maximumStoreBytes ?? (self.store == nil ? maximumBytes : nil))
    }

    private func options() throws(BrambleError) -> ServerOptions {
        var options = ServerOptions(
            address: listen, folder: WorkingDirectory.path(folder), maximumBytes: maximumBytes)
        options.plainAddress = http
        if let certificate, let key {
            options.security = ServerOptions.Security(
                certificate: certificate, key: key, clientAuthorities: clientAuthorities)
        }
        if let tokens {
            let text = String(decoding: try InputFile.read(tokens).bytes, as: UTF8.self)
            do throws(CacheError) {
                options.tokens = try TokenFile(text)
            } catch {
                throw BrambleError(
                    .configuration, "cannot use the tokens in `\(tokens)`: \(error.message)")
            }
        }
        options.uploadBytesPerHour = uploadBytesPerHour
        if isExecuting {
            options.execution = ServerOptions.Execution(
                jobs: global.jobs, exposed: expose,
                timeout: actionTimeout)
        }
        options.stopLimit = stopLimit
        return options
    }

    /// Whether a path is absolute and in its one form.
    private static func isClean(_ path: String) -> Bool {
        path.hasPrefix("/") && (try? RelativePath(String(path.dropFirst()))) != nil
    }

    private static func address(_ text: String) throws -> ServerOptions.Address {
        guard let address = ServerOptions.Address(text) else {
            throw ValidationError(
                "`\(text)` is no address with a port; write 127.0.0.1:8980 or [::1]:8980")
        }
        return address
    }
}

extension ExitStatus {
    init(_ code: ServerError.Code) {
        switch code {
        case .cannotListen: self = .listen
        case .notSafe: self = .usage
        case .files: self = .files
        case .configuration: self = .configuration
        case .sandbox: self = .sandbox
        }
    }
}
