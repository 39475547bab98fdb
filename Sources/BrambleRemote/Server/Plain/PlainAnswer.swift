internal import NIOCore
internal import NIOHTTP1

/// The answer to one request of plain HTTP.
struct PlainAnswer {
    typealias Outbound = NIOAsyncChannelOutboundWriter<HTTPPart<HTTPResponseHead, ByteBuffer>>

    let outbound: Outbound
    private let version: HTTPVersion
    /// Whether the client wants to ask more on this connection.
    let keepsAlive: Bool
    private let hasBody: Bool

    init(outbound: Outbound, request: HTTPRequestHead) {
        self.outbound = outbound
        version = request.version
        keepsAlive = request.isKeepAlive
        hasBody = request.method != .HEAD
    }

    /// Tells a client that waits for it to send its body.
    func goOn() async throws {
        try await outbound.write(.head(HTTPResponseHead(version: version, status: .continue)))
    }

    /// Begins an answer whose body follows.
    func begin(_ status: HTTPResponseStatus, sizeBytes: Int) async throws {
        let headers: HTTPHeaders = [
            "content-length": "\(sizeBytes)", "content-type": "application/octet-stream",
        ]
        try await outbound.write(
            .head(HTTPResponseHead(version: version, status: status, headers: headers)))
    }

    func write(_ bytes: [UInt8]) async throws {
        if hasBody { try await outbound.write(.body(ByteBuffer(bytes: bytes))) }
    }

    func end() async throws { try await outbound.write(.end(nil)) }

    /// An answer that is a line of text.
    func say(
        _ status: HTTPResponseStatus, _ text: String, headers extra: HTTPHeaders = [:],
        closes: Bool = false
    ) async throws {
        let line = Array((text + "\n").utf8)
        var headers = extra
        headers.add(name: "content-length", value: "\(line.count)")
        headers.add(name: "content-type", value: "text/plain; charset=utf-8")
        if closes { headers.add(name: "connection", value: "close") }
        try await outbound.write(
            .head(HTTPResponseHead(version: version, status: status, headers: headers)))
        try await write(line)
        try await end()
    }
}
