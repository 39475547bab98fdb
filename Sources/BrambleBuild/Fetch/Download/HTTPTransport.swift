import AsyncHTTPClient
internal import BrambleModel
import NIOCore
import NIOHTTP1
import Synchronization

/// Sends requests, each once, and to where it says: what is followed or tried again, others decide.
final class HTTPTransport: Sendable {
    private let limits: FetchLimits
    private let proxies: ProxySettings
    /// One client for each proxy, and one for none, made when first used: connections are kept.
    private let clients = Mutex<[ProxySettings.Proxy?: HTTPClient]>([:])

    init(limits: FetchLimits, proxies: ProxySettings) {
        self.limits = limits
        self.proxies = proxies
    }

    /// Sends `GET`.
    ///
    /// - Throws: `TransientFailure` if there is no answer.
    func get(_ address: HTTPAddress, headers: HTTPHeaders) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: address.text)
        request.headers = headers
        request.headers.replaceOrAdd(name: "User-Agent", value: "bramble")
        // The bytes as they are: it is them that are hashed.
        request.headers.replaceOrAdd(name: "Accept-Encoding", value: "identity")
        let proxy = proxies.proxy(for: address)
        let client = clients.withLock { clients in
            if let client = clients[proxy] { return client }
            let client = makeClient(proxy)
            clients[proxy] = client
            return client
        }
        do {
            return try await client.execute(request, deadline: .distantFuture)
        } catch {
            throw try TransientFailure(connectionTo: address, error)
        }
    }

    private func makeClient(_ proxy: ProxySettings.Proxy?) -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(
                connect: TimeAmount(limits.connectTimeout), read: TimeAmount(limits.idleTimeout)),
            decompression: .disabled)
        // Trying again is ours: else a refused connection would use up the whole time for connecting.
        configuration.connectionPool.retryConnectionEstablishment = false
        if let proxy {
            configuration.proxy = .server(
                host: proxy.host, port: proxy.port,
                authorization: proxy.credential.map {
                    .basic(username: $0.user, password: $0.password)
                })
        }
        return HTTPClient(
            eventLoopGroupProvider: .shared(HTTPClient.defaultEventLoopGroup),
            configuration: configuration)
    }

    /// Closes all connections. Must be called before the transport goes.
    func close() async throws {
        let all = clients.withLock { clients in
            defer { clients = [:] }
            return Array(clients.values)
        }
        for client in all { try await client.shutdown() }
    }
}

/// A failure after which it makes sense to try again.
struct TransientFailure: Error {
    let error: FetchError
    /// How long the server wants to be left alone.
    let retryAfter: Duration?
    /// Whether what came so far is of no use.
    let startsOver: Bool

    init(
        _ message: String, retryAfter: Duration? = nil, startsOver: Bool = false,
        cause: (any Error)? = nil
    ) {
        error = FetchError(.network, message, cause: cause)
        self.retryAfter = retryAfter
        self.startsOver = startsOver
    }

    /// - Throws: `CancellationError`, if that is what the error is.
    init(connectionTo address: HTTPAddress, _ error: any Error) throws {
        let isCancelled = error is CancellationError || error as? HTTPClientError == .cancelled
        if isCancelled || Task.isCancelled { throw CancellationError() }
        self.init(
            "no answer from `\(address.authority)`: \(TransientFailure.reason(error))",
            cause: error)
    }

    /// In words, where the library's own are a riddle.
    static func reason(_ error: any Error) -> String {
        switch error as? HTTPParserError {
        case .invalidEOFState?: return "the connection was closed"
        case .some: return "it speaks no HTTP"
        case nil: break
        }
        return switch error as? HTTPClientError {
        case .connectTimeout?: "it could not be connected to in time"
        case .readTimeout?: "it fell silent"
        case .remoteConnectionClosed?: "the connection was closed"
        case .tlsHandshakeTimeout?: "it could not be connected to in time (TLS)"
        case .proxyAuthenticationRequired?: "the proxy wants credentials"
        default: "\(error)"
        }
    }
}

extension TimeAmount {
    init(_ duration: Duration) {
        let parts = duration.components
        self = .nanoseconds(parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000)
    }
}
