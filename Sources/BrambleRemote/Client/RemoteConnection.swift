import BrambleModel
import BrambleREAPI
import BrambleStore
import GRPCCore
import GRPCNIOTransportHTTP2
import SwiftProtobuf
import Synchronization

/// A connection to an engine or a cache, and how calls are made on it: headers, deadlines, retries.
package final class RemoteConnection: Sendable {
    typealias Client = GRPCClient<Transport>

    let client: Client
    package let options: RemoteOptions
    private let state = Mutex(State())
    private let start = ContinuousClock.now

    private struct State {
        var breaker = CircuitBreaker()
        var retries = RetryPolicy()
        /// What a helper has said; nil if it was not asked.
        var authorization: String??
    }

    /// A message with some thousand digests in it, and more than any batch that is asked for.
    static let maximumMessageBytes = 16 << 20

    private init(_ client: Client, _ options: RemoteOptions) {
        self.client = client
        self.options = options
    }

    package var endpoint: RemoteEndpoint { options.endpoint }

    /// - Parameter body: May use the connection until it returns.
    /// - Throws: `RemoteError` if files for TLS cannot be used; what `body` throws.
    package static func with<Result: Sendable>(
        _ options: RemoteOptions, _ body: (RemoteConnection) async throws -> Result
    ) async throws -> Result {
        let transport: HTTP2ClientTransport.Posix
        do {
            transport = try HTTP2ClientTransport.Posix(
                target: target(options.endpoint), transportSecurity: security(options),
                config: .defaults { config in
                    config.backoff.initial = .milliseconds(100)
                    config.backoff.max = .seconds(5)
                    config.connection.maxIdleTime = nil
                })
        } catch {
            throw RemoteError(.unreachable, "cannot use `\(options.endpoint)`: \(error)")
        }
        return try await withGRPCClient(transport: transport) { client in
            try await body(RemoteConnection(client, options))
        }
    }

    private static func target(_ endpoint: RemoteEndpoint) -> any ResolvableTarget {
        endpoint.host.contains(":")
            ? .ipv6(address: endpoint.host, port: endpoint.port)
            : .dns(host: endpoint.host, port: endpoint.port)
    }

    private static func security(
        _ options: RemoteOptions
    ) -> HTTP2ClientTransport.Posix.TransportSecurity {
        guard options.endpoint.usesTLS else { return .plaintext }
        return .tls { tls in
            if let path = options.tls.authorities {
                tls.trustRoots = .certificates([.file(path: path, format: .pem)])
            }
            if let path = options.tls.certificate {
                tls.certificateChain = [.file(path: path, format: .pem)]
            }
            if let path = options.tls.key { tls.privateKey = .file(path: path, format: .pem) }
        }
    }

    /// What the other side can do; its first call, which shows whether anybody is there.
    ///
    /// - Throws: `RemoteError`.
    func capabilities() async throws(RemoteError) -> RemoteCapabilities {
        var request = Build_Bazel_Remote_Execution_V2_GetCapabilitiesRequest()
        request.instanceName = endpoint.instance
        let message = request
        let service = CapabilitiesService.Client(wrapping: client)
        let answer = try await call("ask for capabilities") { attempt in
            try await service.getCapabilities(
                message, metadata: attempt.metadata, options: attempt.options)
        }
        return try RemoteCapabilities(answer)
    }

    // MARK: Calls

    /// What a call is made with.
    struct Attempt: Sendable {
        let metadata: Metadata
        let options: CallOptions
    }

    /// Makes a call, again if that may help.
    ///
    /// - Parameters:
    ///   - what: What it is to do, for messages: "read a blob".
    ///   - timeout: Of each attempt; nil for the usual one.
    ///   - action: Of which action it is a part, for the other side's logs.
    /// - Throws: `RemoteError`; `CancellationError` as one of its kind `unreachable`.
    func call<Result: Sendable>(
        _ what: String, timeout: Duration? = nil, action: Digest? = nil,
        _ body: (Attempt) async throws -> Result
    ) async throws(RemoteError) -> Result {
        let operation = "cannot \(what) at `\(endpoint)`"
        var number = 1
        while true {
            guard state.withLock({ $0.breaker.allows(at: .now - start) }) else {
                throw RemoteError(.unreachable, "\(operation): it has not answered before")
            }
            let failure: RemoteError
            do {
                let result = try await body(try await attempt(timeout, action))
                state.withLock { state in
                    state.breaker.succeeded()
                    state.retries.succeeded()
                }
                return result
            } catch {
                failure = RemoteConnection.failure(error, operation)
            }
            try await recover(from: failure, number)
            number += 1
        }
    }

    private static func failure(_ error: any Error, _ operation: String) -> RemoteError {
        switch error {
        case let error as RemoteError: error
        case let error as StoreError: RemoteError(local: error)
        case is CancellationError: RemoteError(.local, "\(operation): stopped")
        // The library reports a cancellation by a status of its own.
        case let error as RPCError where error.code == .cancelled && Task.isCancelled:
            RemoteError(.local, "\(operation): stopped")
        case let error as RPCError: RemoteConnection.failure(error, operation)
        default: RemoteError(.failed, "\(operation): \(error)")
        }
    }

    /// What our own code throws while a stream is open comes back as the cause of a status.
    private static func failure(_ error: RPCError, _ operation: String) -> RemoteError {
        switch error.cause {
        case let cause as RemoteError: cause
        case let cause as StoreError: RemoteError(local: cause)
        default: RemoteError(error, during: operation)
        }
    }

    /// Waits until the next attempt may be made.
    ///
    /// - Throws: The failure, if there is to be none.
    private func recover(
        from failure: RemoteError, _ number: Int
    ) async throws(RemoteError) {
        let now = ContinuousClock.now - start
        let pause = state.withLock { state -> Duration? in
            switch failure.code {
            case .unreachable, .timeout: state.breaker.failed(at: now)
            // It has answered, if not as we like.
            default: state.breaker.succeeded()
            }
            if failure.code == .forbidden, let known = state.authorization, known != nil,
                number == 1
            {
                // A token may have expired since the helper gave it.
                state.authorization = nil
                return .zero
            }
            return state.retries.pause(
                after: number, of: options.attempts, failure, chance: .random(in: 0.5...1))
        }
        guard let pause else { throw failure }
        do {
            try await Task.sleep(for: pause)
        } catch {
            throw failure
        }
    }

    private func attempt(_ timeout: Duration?, _ action: Digest?) async throws -> Attempt {
        var metadata = Metadata()
        for header in options.headers { metadata.addString(header.value, forKey: header.name) }
        if let value = try await authorization() {
            metadata.addString(value, forKey: "authorization")
        }
        metadata.addBinary(requestMetadata(action), forKey: RemoteConnection.metadataKey)
        var callOptions = CallOptions.defaults
        callOptions.timeout = timeout ?? options.callTimeout
        callOptions.waitForReady = false
        callOptions.maxResponseMessageBytes = RemoteConnection.maximumMessageBytes
        callOptions.maxRequestMessageBytes = RemoteConnection.maximumMessageBytes
        return Attempt(metadata: metadata, options: callOptions)
    }

    private func authorization() async throws -> String? {
        guard let ask = options.authorization else { return nil }
        if let known = state.withLock({ $0.authorization }) { return known }
        let value = try await ask()
        state.withLock { $0.authorization = .some(value) }
        return value
    }

    /// REAPI v2, `RequestMetadata`.
    private static let metadataKey = "build.bazel.remote.execution.v2.requestmetadata-bin"

    private func requestMetadata(_ action: Digest?) -> [UInt8] {
        var message = RequestMetadataMessage()
        message.toolDetails.toolName = "bramble"
        message.toolInvocationID = options.invocation
        if let action { message.actionID = action.hash.hex }
        guard let bytes: [UInt8] = try? message.serializedBytes() else {
            preconditionFailure("a message that cannot be written")
        }
        return bytes
    }
}

/// What calls go through.
typealias Transport = HTTP2ClientTransport.Posix
