import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// A server on this machine that answers as a test says, down to the bytes, and breaks off as it says.
final class LoopbackServer: Sendable {
    struct Request: Sendable {
        let method: String
        let target: String
        /// By names in lower case.
        let headers: [String: String]
    }

    /// What to send, and what then.
    struct Answer: Sendable {
        enum End: Sendable {
            case close, reset
            /// Say nothing more, and leave the connection open.
            case silence
        }

        var bytes: [UInt8]
        var end: End = .close
        /// Sent byte by byte, with such pauses; nil to send at once.
        var pause: TimeAmount?

        /// Bytes of the test's own.
        init(raw text: String, end: End = .close) {
            bytes = Array(text.utf8)
            self.end = end
        }

        /// An answer with a head that says how long the body is.
        init(
            _ status: String, headers: [String] = [], body: [UInt8] = [], length: Int? = nil,
            end: End = .close
        ) {
            let lines =
                ["HTTP/1.1 \(status)", "Content-Length: \(length ?? body.count)"] + headers
                + ["Connection: close"]
            self.end = end
            bytes = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
        }
    }

    let port: Int
    private let channel: any Channel
    private let exchange: Exchange

    private init(channel: any Channel, exchange: Exchange) {
        self.channel = channel
        self.exchange = exchange
        port = channel.localAddress?.port ?? 0
    }

    /// What came so far.
    var requests: [Request] { exchange.requests.withLock { $0 } }

    func url(_ target: String) -> String { "http://127.0.0.1:\(port)\(target)" }

    /// Runs a server while a test runs.
    ///
    /// - Parameter handler: Answers a request; the number counts requests from 0.
    static func with<Result>(
        _ handler: @escaping @Sendable (Request, _ number: Int) -> Answer,
        _ body: (LoopbackServer) async throws -> Result
    ) async throws -> Result {
        let exchange = Exchange(handler)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Connection(exchange))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            let result = try await body(LoopbackServer(channel: channel, exchange: exchange))
            try await channel.close()
            return result
        } catch {
            try await channel.close()
            throw error
        }
    }

    /// The requests of all connections, and what answers them.
    fileprivate final class Exchange: Sendable {
        let requests = Mutex<[Request]>([])
        private let handler: @Sendable (Request, Int) -> Answer

        init(_ handler: @escaping @Sendable (Request, Int) -> Answer) { self.handler = handler }

        func answer(_ request: Request) -> Answer {
            let number = requests.withLock { requests in
                requests.append(request)
                return requests.count - 1
            }
            return handler(request, number)
        }
    }
}

/// One connection: reads the head of one request, and answers.
private final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let exchange: LoopbackServer.Exchange
    private var head = ""

    init(_ exchange: LoopbackServer.Exchange) { self.exchange = exchange }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        head += String(buffer: unwrapInboundIn(data))
        guard head.hasSuffix("\r\n\r\n") else { return }
        let answer = exchange.answer(request())
        head = ""
        guard let pause = answer.pause else {
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            write(context, answer.bytes).assumeIsolated().whenComplete { _ in
                bound.value.0.end(bound.value.1, answer.end)
            }
            return
        }
        drip(context, answer, at: 0, pause)
    }

    private func request() -> LoopbackServer.Request {
        let lines = head.split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        return LoopbackServer.Request(
            method: String(words[0]), target: String(words[1]), headers: headers)
    }

    /// - Returns: Done when the kernel has them.
    @discardableResult
    private func write(
        _ context: ChannelHandlerContext, _ bytes: some Sequence<UInt8>
    ) -> EventLoopFuture<Void> {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)))
    }

    private func drip(
        _ context: ChannelHandlerContext, _ answer: LoopbackServer.Answer, at index: Int,
        _ pause: TimeAmount
    ) {
        guard index < answer.bytes.count else { return end(context, answer.end) }
        write(context, answer.bytes[index...index])
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: pause) {
            let (connection, context) = bound.value
            guard context.channel.isActive else { return }
            connection.drip(context, answer, at: index + 1, pause)
        }
    }

    private func end(_ context: ChannelHandlerContext, _ end: LoopbackServer.Answer.End) {
        switch end {
        case .silence: return
        case .close: context.close(promise: nil)
        case .reset:
            let linger = linger(l_onoff: 1, l_linger: 0)
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            (context.channel as? any SocketOptionProvider)?.setSoLinger(linger)
                .whenComplete { _ in bound.value.close(promise: nil) }
        }
    }
}
