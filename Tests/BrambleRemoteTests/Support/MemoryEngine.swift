import BrambleModel
import BrambleREAPI
import BrambleRemote
import GRPCCore
import GRPCNIOTransportHTTP2
import Synchronization

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
    }

    /// What comes of asking for an action.
    enum ExecutionOutcome: Sendable {
        case result(ActionResultMessage)
        case status(RPCError)
        /// The stream ends; the result is for who waits.
        case brokenStream(ActionResultMessage)
    }

    private let state = Mutex(State())

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

    func result(_ action: Digest) -> ActionResultMessage? {
        state.withLock { $0.results[action] }
    }

    func setResult(_ action: Digest, _ result: ActionResultMessage) {
        state.withLock { $0.results[action] = result }
    }

    func takeExecution() -> ExecutionOutcome? {
        state.withLock { $0.executions.isEmpty ? nil : $0.executions.removeFirst() }
    }

    // MARK: Serving

    /// Listens on a port of this machine's own for the time that `body` takes.
    static func with<Result: Sendable>(
        _ engine: MemoryEngine, _ body: (RemoteEndpoint) async throws -> Result
    ) async throws -> Result {
        let transport = HTTP2ServerTransport.Posix(
            address: .ipv4(host: "127.0.0.1", port: 0), transportSecurity: .plaintext)
        let server = GRPCServer(
            transport: transport,
            services: [
                MemoryCapabilities(engine: engine), MemoryCAS(engine: engine),
                MemoryByteStream(engine: engine), MemoryActionCache(engine: engine),
                MemoryExecution(engine: engine),
            ], interceptors: [MemoryAuthorization(engine: engine)])
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.serve() }
            guard let port = try await server.listeningAddress?.ipv4?.port else {
                throw RPCError(code: .unavailable, message: "no port")
            }
            let result = try await body(try RemoteEndpoint("grpc://127.0.0.1:\(port)"))
            group.cancelAll()
            return result
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
