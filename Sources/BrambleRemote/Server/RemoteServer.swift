internal import BrambleBuild
internal import BrambleREAPI
internal import BrambleSandbox
internal import GRPCCore
internal import GRPCNIOTransportHTTP2
internal import Glibc
internal import NIOCore

/// `bramble server`: a cache for builds, over the Remote Execution API and plain HTTP.
package struct RemoteServer: Sendable {
    /// Where it listens, when it does.
    package struct Addresses: Sendable {
        package let calls: ServerOptions.Address
        package let plain: ServerOptions.Address?
    }

    private enum Event: Sendable {
        case announced, stopping, ended, limitReached
    }

    private let options: ServerOptions
    private let folder: CacheFolder
    private let quota: UploadQuota
    private let rules: AccessRules
    /// nil if no actions are run.
    private let launcher: SandboxLauncher?

    /// Opens the folder; nothing listens yet.
    package init(_ options: ServerOptions) throws(ServerError) {
        try ServerSafety.check(options)
        self.options = options
        quota = UploadQuota(bytesPerHour: options.uploadBytesPerHour)
        rules = AccessRules(tokens: options.tokens)
        do throws(CacheError) {
            folder = try CacheFolder(path: options.folder, maximumBytes: options.maximumBytes)
        } catch {
            throw ServerError(
                .files, "cannot use the folder of the server: \(error.message)",
                hint: "name another one by `--folder`")
        }
        OpenFileLimit.raise()
        ServerMemory.giveBackEarly()
        launcher = try options.execution.map { _ throws(ServerError) in
            try RemoteServer.makeLauncher(options)
        }
    }

    /// Makes what starts sandboxes, and an empty folder for them.
    private static func makeLauncher(
        _ options: ServerOptions
    ) throws(ServerError) -> SandboxLauncher {
        WorkFolders.remove(workFolder(options))
        guard mkdir(workFolder(options), 0o700) == 0 else {
            let error = CacheError(call: "mkdir", path: workFolder(options))
            throw ServerError(.files, error.message)
        }
        do throws(SandboxError) {
            return try SandboxLauncher()
        } catch {
            throw ServerError(.sandbox, error.message, hint: error.hint ?? "see `bramble doctor`")
        }
    }

    private static func workFolder(_ options: ServerOptions) -> String { options.folder + "/work" }

    /// Serves until it is told to stop; then lets calls come to their end, within the limit.
    ///
    /// - Parameter ready: Called when it listens.
    /// - Throws: `ServerError`.
    package func run(
        until stop: StopSignal, ready: @escaping @Sendable (Addresses) -> Void
    ) async throws {
        let threads = DiskThreads()
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await serve(threads, until: stop, ready: ready))
        } catch is CancellationError {
            // What went on beyond the limit was cut off.
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        await threads.shutDown()
        try outcome.get()
    }

    private func serve(
        _ threads: DiskThreads, until stop: StopSignal,
        ready: @escaping @Sendable (Addresses) -> Void
    ) async throws {
        let queue = makeQueue(threads)
        let builds = options.building.map { BuildQueue(BuildRunner(host: $0)) }
        let security = try options.security.map { try ServerCredentials($0) }
        let backlog = UploadBacklog()
        let server = GRPCServer(
            transport: HTTP2ServerTransport.Posix(
                address: options.address.transportAddress,
                transportSecurity: security?.transportSecurity ?? .plaintext,
                config: RemoteServer.transportConfig(backlog)),
            services: services(threads, backlog, queue, builds),
            interceptors: [AccessInterceptor(rules: rules)])
        let plain = try await listenPlainly(threads, security)
        try await withThrowingTaskGroup(of: Event.self) { group in
            group.addTask {
                try await listening(at: options.address) { try await server.serve() }
                return .ended
            }
            if let plain {
                group.addTask {
                    await plain.run()
                    return .ended
                }
            }
            group.addTask {
                // Where it cannot listen, `serve` says why.
                if let address = try? await server.transport.listeningAddress,
                    let calls = ServerOptions.Address(address)
                {
                    ready(Addresses(calls: calls, plain: plain?.address))
                }
                return .announced
            }
            group.addTask {
                await stop.wait()
                server.beginGracefulShutdown()
                await plain?.stop()
                return .stopping
            }
            if let queue {
                // Ends when it is cancelled, as all else has ended.
                group.addTask {
                    await queue.run()
                    return .announced
                }
            }
            if let builds {
                group.addTask {
                    await builds.run()
                    return .announced
                }
            }
            if let upkeep = options.building.flatMap(StoreUpkeep.init) {
                group.addTask { [warn = options.warn] in
                    await upkeep.run(warn)
                    return .announced
                }
            }
            var running = plain == nil ? 1 : 2
            for try await event in group {
                switch event {
                case .announced: break
                case .stopping:
                    group.addTask { [limit = options.stopLimit] in
                        // Cancelled when all has ended before.
                        try? await Task.sleep(for: limit)
                        return .limitReached
                    }
                case .ended:
                    running -= 1
                    if running == 0 { group.cancelAll() }
                case .limitReached: group.cancelAll()
                }
            }
        }
    }

    private func listenPlainly(
        _ threads: DiskThreads, _ security: ServerCredentials?
    ) async throws -> PlainListener? {
        guard let address = options.plainAddress else { return nil }
        let handler = PlainHandler(
            folder: folder, results: ActionResults(folder: folder), threads: threads, quota: quota,
            rules: rules)
        return try await listening(at: address) {
            try await PlainListener(address, security, handler)
        }
    }

    /// Says where it was that could not be listened at.
    private func listening<Result>(
        at address: ServerOptions.Address, _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await body()
        } catch let error as ServerError {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            let cause = (error as? RuntimeError)?.cause ?? error
            throw ServerError(
                .cannotListen, "cannot listen at \(address): \(cause)",
                hint: "name another address; port 0 takes any that is free")
        }
    }

    private func makeQueue(_ threads: DiskThreads) -> ExecutionQueue? {
        guard let launcher, let execution = options.execution else { return nil }
        let runner = ActionRunner(
            launcher: launcher, results: ActionResults(folder: folder), threads: threads,
            workFolder: RemoteServer.workFolder(options), exposed: execution.exposed,
            timeout: execution.timeout)
        return ExecutionQueue(runner, jobs: execution.jobs ?? System.coreCount)
    }

    private func services(
        _ threads: DiskThreads, _ backlog: UploadBacklog, _ queue: ExecutionQueue?,
        _ builds: BuildQueue?
    ) -> [any RegistrableRPCService] {
        let results = ActionResults(folder: folder)
        var services: [any RegistrableRPCService] = [
            CapabilitiesHandler(isExecuting: queue != nil),
            StorageHandler(folder: folder, threads: threads, backlog: backlog, quota: quota),
            ActionCacheHandler(results: results, threads: threads),
            ByteStreamHandler(folder: folder, threads: threads, backlog: backlog, quota: quota),
        ]
        var descriptors = [
            CapabilitiesService.descriptor, CASService.descriptor, ActionCacheService.descriptor,
            ByteStreamService.descriptor, Grpc_Health_V1_Health.descriptor,
            Grpc_Reflection_V1_ServerReflection.descriptor,
            Grpc_Reflection_V1alpha_ServerReflection.descriptor,
        ]
        if let queue {
            services.append(ExecutionHandler(queue: queue, results: results, threads: threads))
            services.append(OperationsHandler(queue: queue))
            descriptors += [ExecutionService.descriptor, Google_Longrunning_Operations.descriptor]
        }
        if let builds {
            services.append(BuildHandler(queue: builds, folder: folder, threads: threads))
            descriptors.append(BuildService.descriptor)
        }
        let names = descriptors.map(\.fullyQualifiedService).sorted()
        let files = ProtocolFiles()
        return services + [
            HealthHandler(services: Set(names)), ReflectionHandler(services: names, files: files),
            AlphaReflectionHandler(services: names, files: files),
        ]
    }

    private static func transportConfig(
        _ backlog: UploadBacklog
    ) -> HTTP2ServerTransport.Posix.Config {
        .defaults { config in
            // A whole batch, and what is around its contents.
            config.rpc.maxRequestPayloadSize = ServerLimits.messageBytes + (1 << 20)
            // Clients at a distance: what is under way at once bounds how fast one stream can be.
            config.http2.targetWindowSize = 256 << 10
            config.http2.maxConcurrentStreams = ServerLimits.streams
            // Clients that look whether the connection lives are welcome to.
            config.connection.keepalive.clientBehavior.minPingIntervalWithoutCalls = .seconds(10)
            config.connection.keepalive.clientBehavior.allowWithoutCalls = true
            config.channelDebuggingCallbacks.onAcceptHTTP2Stream = { stream in
                stream.eventLoop.makeCompletedFuture {
                    try stream.pipeline.syncOperations.addHandler(
                        UploadGate(backlog), position: .first)
                }
            }
        }
    }
}

/// Each connection and each blob that is read or written takes a descriptor.
private enum OpenFileLimit {
    /// Allows this process what the system would.
    static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        // Where it fails, there are as many as there were.
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

extension ServerOptions.Address {
    var transportAddress: GRPCNIOTransportHTTP2.SocketAddress {
        host.contains(":") ? .ipv6(host: host, port: port) : .ipv4(host: host, port: port)
    }

    init?(_ address: GRPCNIOTransportHTTP2.SocketAddress) {
        if let address = address.ipv4 {
            self.init(host: address.host, port: address.port)
        } else if let address = address.ipv6 {
            self.init(host: address.host, port: address.port)
        } else {
            return nil
        }
    }
}
