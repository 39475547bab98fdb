internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import SwiftProtobuf
internal import Synchronization

/// Listens for plain HTTP, which the simplest of clients speak: Bazel's `--remote_cache=http://`, curl.
final class PlainListener: Sendable {
    typealias Connection = NIOAsyncChannel<
        HTTPServerRequestPart, HTTPPart<HTTPResponseHead, ByteBuffer>
    >

    let address: ServerOptions.Address
    private let channel: NIOAsyncChannel<Connection, Never>
    private let handler: PlainHandler
    private let state = Mutex(State())

    private struct State {
        var isStopping = false
        /// Connections between two requests: nothing is lost when they are closed.
        var idle: [ObjectIdentifier: any Channel] = [:]
    }

    /// Begins to listen.
    init(
        _ address: ServerOptions.Address, _ security: ServerCredentials?, _ handler: PlainHandler
    ) async throws {
        let context = security?.context
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: address.host, port: address.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try PlainListener.configure(channel, context)
                }
            }
        self.handler = handler
        self.address = ServerOptions.Address(
            host: address.host, port: channel.channel.localAddress?.port ?? address.port)
    }

    private static func configure(
        _ channel: any Channel, _ context: NIOSSLContext?
    ) throws -> Connection {
        let pipeline = channel.pipeline.syncOperations
        if let context { try pipeline.addHandler(NIOSSLServerHandler(context: context)) }
        try pipeline.configureHTTPServerPipeline()
        try pipeline.addHandler(BufferHandler())
        return try Connection(wrappingChannelSynchronously: channel)
    }

    /// Answers until it is stopped and all answers are given, or the task is cancelled.
    func run() async {
        // What goes wrong with the listening socket ends it, and that is all that can be done.
        try? await channel.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections {
                    group.addTask { await self.serve(connection) }
                }
            }
        }
    }

    /// Takes no new connections, and closes those on which nothing happens.
    func stop() async {
        let idle = state.withLock { state in
            state.isStopping = true
            return Array(state.idle.values)
        }
        channel.channel.close(promise: nil)
        for channel in idle { channel.close(promise: nil) }
    }

    private func serve(_ connection: Connection) async {
        let channel = connection.channel
        // A connection that breaks is the client's affair: nothing incomplete has been kept.
        try? await connection.executeThenClose { inbound, outbound in
            var parts = PlainHandler.Parts(inbound)
            while begin(waiting: channel), let part = try await parts.next() {
                end(waiting: channel)
                guard case .head(let head) = part else { return }
                let answer = PlainAnswer(outbound: outbound, request: head)
                let goesOn = try await handler.handle(
                    head, peer: channel.remoteAddress?.ipAddress ?? "", &parts, answer)
                if !goesOn { return }
            }
            end(waiting: channel)
        }
        end(waiting: channel)
    }

    /// - Returns: Whether there is anything to wait for.
    private func begin(waiting channel: any Channel) -> Bool {
        state.withLock { state in
            guard !state.isStopping else { return false }
            state.idle[ObjectIdentifier(channel)] = channel
            return true
        }
    }

    private func end(waiting channel: any Channel) {
        state.withLock { $0.idle[ObjectIdentifier(channel)] = nil }
    }
}

/// Answers have bytes; those of files, which NIO's pipeline could send too, would not be checked.
private final class BufferHandler: ChannelOutboundHandler {
    typealias OutboundIn = HTTPPart<HTTPResponseHead, ByteBuffer>
    typealias OutboundOut = HTTPServerResponsePart

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let part: OutboundOut =
            switch unwrapOutboundIn(data) {
            case .head(let head): .head(head)
            case .body(let buffer): .body(.byteBuffer(buffer))
            case .end(let trailers): .end(trailers)
            }
        context.write(wrapOutboundOut(part), promise: promise)
    }
}
