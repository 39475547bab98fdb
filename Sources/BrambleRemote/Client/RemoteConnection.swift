import BrambleModel
import BrambleREAPI
import GRPCCore
import GRPCNIOTransportHTTP2
import Synchronization

/// A connection to an engine or a cache, and how calls are made on it: headers, deadlines, retries.
package final class RemoteConnection: Sendable {
    typealias Client = GRPCClient<Transport>

    let client: Client
    package let options: RemoteOptions
    let credentials: CredentialCache?
    let state: Mutex<State>
    let start = ContinuousClock.now

    struct State {
        var breaker: CircuitBreaker
        var retries = RetryPolicy()
        /// Whether the other side has ever done what it was asked to.
        var hasAnswered = false
    }

    /// A message with some thousand digests in it, and more than any batch that is asked for.
    static let maximumMessageBytes = 16 << 20

    private init(_ client: Client, _ options: RemoteOptions) {
        self.client = client
        self.options = options
        state = Mutex(State(breaker: CircuitBreaker(isNeeded: options.patience > .zero)))
        credentials = options.credentials.map { CredentialCache($0) }
    }

    package var endpoint: RemoteEndpoint { options.endpoint }

    /// - Parameter body: May use the connection until it returns.
    /// - Throws: `RemoteError` if files for TLS cannot be used; what `body` throws.
    package static func with<Result: Sendable>(
        _ options: RemoteOptions, _ body: (RemoteConnection) async throws -> Result
    ) async throws -> Result {
        let client = GRPCClient(transport: try transport(options))
        // Not a child of this task: when that is cancelled, engines are still told to stop.
        let running = Task { try await client.runConnections() }
        let outcome: Swift.Result<Result, any Error>
        do {
            outcome = .success(try await body(RemoteConnection(client, options)))
        } catch {
            outcome = .failure(error)
        }
        // All calls have ended. A graceful end would wait for the other side, which may be silent.
        running.cancel()
        // How connections ended has been seen by the calls.
        _ = await running.result
        return try outcome.get()
    }

    private static func transport(_ options: RemoteOptions) throws(RemoteError) -> Transport {
        do {
            return try Transport(
                target: target(options.endpoint), transportSecurity: security(options),
                config: .defaults { config in
                    config.backoff.initial = .milliseconds(100)
                    config.backoff.max = .seconds(5)
                    config.connection.maxIdleTime = nil
                    config.connection.keepalive = .init(
                        time: options.silence, timeout: options.connectTimeout,
                        allowWithoutCalls: false)
                })
        } catch {
            throw RemoteError(.unreachable, "cannot use `\(options.endpoint)`: \(error)")
        }
    }

    private static func target(_ endpoint: RemoteEndpoint) -> any ResolvableTarget {
        switch endpoint.hostKind {
        case .ipv6: .ipv6(address: endpoint.host, port: endpoint.port)
        // As a name it would be sent to the other side as the one that its certificate has to be for (RFC 6066, section 3).
        case .ipv4: .ipv4(address: endpoint.host, port: endpoint.port)
        case .name: .dns(host: endpoint.host, port: endpoint.port)
        }
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
        let answer = try await call(
            "ask for capabilities", timeout: options.connectTimeout
        ) { attempt in
            try await service.getCapabilities(
                message, metadata: attempt.metadata, options: attempt.options)
        }
        return try RemoteCapabilities(answer)
    }
}

/// What calls go through.
typealias Transport = HTTP2ClientTransport.Posix
