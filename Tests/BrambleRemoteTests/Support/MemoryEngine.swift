import BrambleModel
import BrambleREAPI
import BrambleRemote
import BrambleStore
import GRPCCore
import GRPCNIOTransportHTTP2
import SwiftProtobuf
import Synchronization
import TestKit

/// A server of the Remote Execution API that keeps all in memory, and fails as it is told to: the other
/// end of the wire in tests of the client.
final class MemoryEngine: Sendable {
    enum Call: Hashable, Sendable {
        case capabilities, missing, batchRead, batchWrite, read, write, getResult, updateResult,
            execute, wait
    }

    /// What goes wrong.
    struct Faults: Sendable {
        /// Thrown before a call does anything, as often as it stands here.
        var failures: [Call: [RPCError]] = [:]
        /// Reads break off after so many bytes, so often.
        var breaksReadsAfter: (bytes: Int, times: Int)?
        /// Contents that are sent with a bit turned over.
        var corrupts = false
        /// Contents go on without end.
        var isEndless = false
        /// In place of contents come frames of zstd with nothing in them, without end.
        var sendsEmptyFrames = false
        /// Contents end early, as if that were all; so often.
        var shortReads = 0
        /// After each call, contents are dropped by chance: one in so many.
        var evictsOneIn: Int?
        /// Asks for this before it does anything.
        var authorization: String?
        /// What it can do beside the usual.
        var hasZstd = false
    }

    private struct State {
        var blobs: [Digest: [UInt8]] = [Digest(of: []): []]
        var results: [Digest: ActionResultMessage] = [:]
        var faults = Faults()
        var counts: [Call: Int] = [:]
        /// What an action leaves.
        var executions: [ExecutionOutcome] = []
        /// Of the next chance.
        var seed: UInt64 = 0
        var cancelled: [String] = []
        var lastAction: Digest?
        var hasEnded = false
    }

    /// What comes of asking for an action.
    enum ExecutionOutcome: Sendable {
        case result(ActionResultMessage)
        case status(RPCError)
        /// The stream ends; the result is for who waits.
        case brokenStream(ActionResultMessage)
        /// It never ends.
        case endless
    }

    private let state = Mutex(State())
    /// Runs actions for which no outcome is planned: what their commands print into their outputs.
    private let builder: (@Sendable ([String]) -> [String: [UInt8]])?

    /// - Parameter builder: What a builder with these arguments writes, by file names.
    init(builder: (@Sendable ([String]) -> [String: [UInt8]])? = nil) {
        self.builder = builder
    }

    /// Operations that were cancelled.
    var cancelled: [String] { state.withLock { $0.cancelled } }

    /// What was to be executed last.
    var lastAction: Digest? { state.withLock { $0.lastAction } }

    /// Nothing goes on without end any more.
    func end() {
        state.withLock { state in
            state.faults.isEndless = false
            state.faults.sendsEmptyFrames = false
            state.hasEnded = true
        }
    }

    var hasEnded: Bool { state.withLock { $0.hasEnded } }

    func noteAction(_ action: Digest?) { state.withLock { $0.lastAction = action } }

    func cancel(_ name: String) { state.withLock { $0.cancelled.append(name) } }

    func setSeed(_ seed: UInt64) { state.withLock { $0.seed = seed * 1_000 } }

    func setFaults(_ faults: Faults) { state.withLock { $0.faults = faults } }

    func setExecutions(_ outcomes: [ExecutionOutcome]) {
        state.withLock { $0.executions = outcomes }
    }

    func count(_ call: Call) -> Int { state.withLock { $0.counts[call] ?? 0 } }

    func blob(_ digest: Digest) -> [UInt8]? { state.withLock { $0.blobs[digest] } }

    var blobCount: Int { state.withLock { $0.blobs.count } }

    func add(_ bytes: [UInt8]) { state.withLock { $0.blobs[Digest(of: bytes)] = bytes } }

    func removeBlobs(where isLost: (Digest) -> Bool) {
        state.withLock { state in state.blobs = state.blobs.filter { !isLost($0.key) } }
    }

    /// Changes what is said of results.
    func changeResults(_ change: (inout ActionResultMessage) -> Void) {
        state.withLock { state in
            for key in state.results.keys {
                state.results[key].map {
                    var r = $0
                    change(&r)
                    state.results[key] = r
                }
            }
        }
    }

    // MARK: For the services

    func enter(_ call: Call, _ context: ServerContext, metadata: Metadata = [:]) throws {
        try state.withLock { state in
            state.counts[call, default: 0] += 1
            if let chance = state.faults.evictsOneIn {
                // In an order that a seed repeats.
                var random = SeededRandom(seed: state.seed)
                state.seed += 1
                for digest in state.blobs.keys.sorted() where digest.sizeBytes > 0 {
                    if Int.random(in: 0..<chance, using: &random) == 0 {
                        state.blobs[digest] = nil
                    }
                }
            }
            if var failures = state.faults.failures[call], !failures.isEmpty {
                let failure = failures.removeFirst()
                state.faults.failures[call] = failures
                throw failure
            }
        }
    }

    var faults: Faults { state.withLock { $0.faults } }

    /// Whether this read is to break off, and after how many bytes.
    func takeBreak() -> Int? {
        state.withLock { state in
            guard let fault = state.faults.breaksReadsAfter, fault.times > 0 else { return nil }
            state.faults.breaksReadsAfter = (fault.bytes, fault.times - 1)
            return fault.bytes
        }
    }

    /// Whether this read is to end early.
    func takeShortRead() -> Bool {
        state.withLock { state in
            guard state.faults.shortReads > 0 else { return false }
            state.faults.shortReads -= 1
            return true
        }
    }

    func result(_ action: Digest) -> ActionResultMessage? {
        state.withLock { $0.results[action] }
    }

    func setResult(_ action: Digest, _ result: ActionResultMessage) {
        state.withLock { $0.results[action] = result }
    }

    func takeExecution() -> ExecutionOutcome? {
        state.withLock { $0.executions.isEmpty ? nil : $0.executions.removeFirst() }
    }

    /// Runs an action, if there is somebody to.
    ///
    /// - Throws: As engines do: the action, or something that it needs, is not there.
    func run(_ action: Digest, isFresh: Bool) throws -> ActionResultMessage? {
        guard let builder else { return nil }
        if !isFresh, let known = result(action) { return known }
        let message = try ActionMessage(serializedBytes: try needed(action))
        let command = try CommandMessage(serializedBytes: try needed(message.commandDigest))
        try checkInputs(message.inputRootDigest)
        let files = builder(Array(command.arguments.dropFirst()))
        let directory = Directory(
            files: files.map { name, bytes in
                add(bytes)
                return .init(name: name, digest: Digest(of: bytes), isExecutable: false)
            })
        let tree = try Tree(root: directory.digest, directories: [directory.digest: directory])
        add(tree.encoded)
        var result = ActionResultMessage()
        result.outputDirectories = command.outputPaths.map { path in
            .with {
                $0.path = path
                $0.treeDigest = DigestMessage(Digest(of: tree.encoded))
            }
        }
        if !message.doNotCache { setResult(action, result) }
        return result
    }

    private func needed(_ message: DigestMessage) throws -> [UInt8] {
        guard let digest = Digest(message) else {
            throw RPCError(code: .invalidArgument, message: "no digest")
        }
        return try needed(digest)
    }

    private func needed(_ digest: Digest) throws -> [UInt8] {
        guard let bytes = blob(digest) else {
            throw RPCError(code: .failedPrecondition, message: "`\(digest)` is missing")
        }
        return bytes
    }

    private func checkInputs(_ root: DigestMessage) throws {
        let directory = try Directory(decoding: try needed(root))
        for file in directory.files { _ = try needed(file.digest) }
        for child in directory.directories { try checkInputs(DigestMessage(child.digest)) }
    }

    // MARK: Serving

    /// Listens on a port of this machine's own for the time that `body` takes.
    static func with<Result: Sendable>(
        _ engine: MemoryEngine, _ body: (RemoteEndpoint) async throws -> Result
    ) async throws -> Result {
        engine.state.withLock { $0.hasEnded = false }
        let transport = HTTP2ServerTransport.Posix(
            address: .ipv4(host: "127.0.0.1", port: 0), transportSecurity: .plaintext)
        let server = GRPCServer(
            transport: transport,
            services: [
                MemoryCapabilities(engine: engine), MemoryCAS(engine: engine),
                MemoryByteStream(engine: engine), MemoryActionCache(engine: engine),
                MemoryExecution(engine: engine), MemoryOperations(engine: engine),
            ], interceptors: [MemoryAuthorization(engine: engine)])
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.serve() }
            guard let port = try await server.listeningAddress?.ipv4?.port else {
                throw RPCError(code: .unavailable, message: "no port")
            }
            let result: Swift.Result<Result, any Error>
            do {
                result = .success(try await body(try RemoteEndpoint("grpc://127.0.0.1:\(port)")))
            } catch {
                result = .failure(error)
            }
            // The library does not stand to be cancelled while calls come: it is let end by itself, and so
            // nothing is to go on without end.
            engine.end()
            server.beginGracefulShutdown()
            try await group.waitForAll()
            return try result.get()
        }
    }
}

private struct MemoryAuthorization: ServerInterceptor {
    let engine: MemoryEngine

    func intercept<Input: Sendable, Output: Sendable>(
        request: StreamingServerRequest<Input>, context: ServerContext,
        next:
            @Sendable @concurrent (
                StreamingServerRequest<Input>, ServerContext
            ) async throws -> StreamingServerResponse<Output>
    ) async throws -> StreamingServerResponse<Output> {
        if let wanted = engine.faults.authorization,
            !request.metadata[stringValues: "authorization"].contains(wanted)
        {
            throw RPCError(code: .unauthenticated, message: "who are you?")
        }
        return try await next(request, context)
    }
}
