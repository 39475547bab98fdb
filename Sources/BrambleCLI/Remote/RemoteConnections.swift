import Bramble
import BrambleModel
import BrambleRemote

/// Connects builds to other machines: the one place where the facade, which knows what a build may use,
/// meets the wire, which knows how to talk.
enum RemoteConnections {
    /// See `RemoteLending`. A cache that cannot be reached is done without; an engine, or who is to do it
    /// all, cannot be.
    static let lend: RemoteLending = { settings, store, warn, body in
        if let address = settings.builder {
            var options = try options(address, settings)
            options.patience = RemoteOptions.patienceWithBuilders
            return try await RemoteConnection.with(options) { connection in
                let builder = RemoteBuilder(
                    try await RemoteStore(connection, signing: nil, trusted: nil), store)
                var machines = RemoteMachines()
                machines.builder = { order, sources in
                    do {
                        return try await builder.build(order, sources)
                    } catch let error as RemoteError {
                        throw BrambleError(
                            error.code == .forbidden ? .notAuthorised : .remote, error.message)
                    }
                }
                return try await body(machines)
            }
        }
        return try await withCache(settings, warn) { cache in
            var machines = RemoteMachines()
            machines.cache = cache
            machines.uploads = settings.uploads
            let known = machines
            guard let address = settings.executor else { return try await body(known) }
            var options = try options(address, settings)
            options.patience = RemoteOptions.patienceWithBuilders
            return try await RemoteConnection.with(options) { connection in
                let engine = try await RemoteStore(connection, signing: nil, trusted: nil)
                var machines = known
                let helper =
                    try settings.root == .workingDirectory
                    ? HelperExecutable(isLocal: options.endpoint.isLoopback) : nil
                machines.executor = RemoteExecutor(
                    engine, store,
                    platform: Dictionary(
                        settings.platform.map { ($0.name, $0.value) }
                    ) { first, _ in first }, helper: helper)
                return try await body(machines)
            }
        }
    }

    private static func withCache<Result: Sendable>(
        _ settings: RemoteSettings, _ warn: @Sendable (String) -> Void,
        _ body: (RemoteStore?) async throws -> Result
    ) async throws -> Result {
        guard let address = settings.cache else { return try await body(nil) }
        let keys = try RemoteKeys(settings)
        return try await RemoteConnection.with(try options(address, settings)) { connection in
            let store: RemoteStore
            do {
                store = try await RemoteStore(
                    connection, signing: keys.signing, trusted: keys.trusted)
            } catch {
                try Task.checkCancellation()
                warn("\(error)")
                return try await body(nil)
            }
            return try await body(store)
        }
    }

    /// - Throws: `configuration` for what is wrong with an address or a file.
    static func options(
        _ address: String, _ settings: RemoteSettings
    ) throws(BrambleError) -> RemoteOptions {
        var options: RemoteOptions
        do throws(Fault) {
            options = RemoteOptions(
                try RemoteEndpoint(address), invocation: "\(UInt64.random(in: 0...UInt64.max))")
        } catch {
            throw BrambleError(.configuration, error.message, hint: error.hint)
        }
        options.headers = settings.headers.map { ($0.name.lowercased(), $0.value) }
        options.compresses = settings.compresses
        options.tls.authorities = settings.authoritiesFile
        options.tls.certificate = settings.certificateFile
        options.tls.key = settings.keyFile
        if let helper = settings.credentialHelper {
            guard settings.tokenFile == nil else {
                throw BrambleError(
                    .configuration, "`[remote]` has both `token_file` and `credential_helper`",
                    hint: "one of them says who you are")
            }
            options.ask(helper: helper, environment: ProcessEnvironment.all)
        }
        if let path = settings.tokenFile {
            options.credentials = {
                RemoteCredentials(
                    headers: [("authorization", "Bearer " + (try RemoteKeys.text(of: path)))])
            }
        }
        return options
    }
}
