import BrambleModel
import BrambleREAPI
import FoundationEssentials
import GRPCCore
import GRPCNIOTransportHTTP2
import SwiftProtobuf
import Synchronization
import TestKit

@testable import BrambleRemote

/// A server of a test, on a port of its own, and a client of it.
struct RunningServer: Sendable {
    typealias Client = GRPCClient<HTTP2ClientTransport.Posix>

    let client: Client
    let addresses: RemoteServer.Addresses
    let folder: String

    var storage: CASService.Client<HTTP2ClientTransport.Posix> { .init(wrapping: client) }
    var stream: ByteStreamService.Client<HTTP2ClientTransport.Posix> { .init(wrapping: client) }
    var results: ActionCacheService.Client<HTTP2ClientTransport.Posix> { .init(wrapping: client) }
    var execution: ExecutionService.Client<HTTP2ClientTransport.Posix> { .init(wrapping: client) }

    /// What a server of a test is told: to listen on this machine, at ports that are free.
    static func options(in folder: String, maximumBytes: Int = 1 << 30) -> ServerOptions {
        let loopback = ServerOptions.Address(host: "127.0.0.1", port: 0)
        var options = ServerOptions(
            address: loopback, folder: folder, maximumBytes: maximumBytes)
        options.plainAddress = loopback
        return options
    }

    /// Runs a server for as long as `body` takes.
    static func use(
        in folder: String, maximumBytes: Int = 1 << 30,
        _ body: @escaping @Sendable (RunningServer) async throws -> Void
    ) async throws {
        try await use(options(in: folder, maximumBytes: maximumBytes), body)
    }

    /// Runs a server for as long as `body` takes.
    static func use(
        _ options: ServerOptions, _ body: @escaping @Sendable (RunningServer) async throws -> Void
    ) async throws {
        let folder = options.folder
        let server = try RemoteServer(options)
        let stop = StopSignal()
        let (announcements, announcement) = AsyncStream.makeStream(of: RemoteServer.Addresses.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { announcement.finish() }
                try await server.run(until: stop) { announcement.yield($0) }
            }
            for await addresses in announcements {
                do {
                    try await talk(to: addresses, folder, body)
                } catch {
                    stop.give()
                    throw error
                }
                stop.give()
            }
            try await group.waitForAll()
        }
    }

    private static func talk(
        to addresses: RemoteServer.Addresses, _ folder: String,
        _ body: @escaping @Sendable (RunningServer) async throws -> Void
    ) async throws {
        try await withGRPCClient(
            transport: .http2NIOPosix(
                target: .ipv4(address: addresses.calls.host, port: addresses.calls.port),
                transportSecurity: .plaintext)
        ) { client in
            try await body(
                RunningServer(client: client, addresses: addresses, folder: folder))
        }
    }

    // MARK: - What tests do

    /// Uploads a blob as a batch of one.
    ///
    /// - Returns: The status that the server gave it.
    func add(_ bytes: [UInt8], as digest: Digest? = nil) async throws -> Google_Rpc_Status {
        let response = try await storage.batchUpdateBlobs(
            .with {
                $0.requests = [
                    .with {
                        $0.digest = DigestMessage(digest ?? Digest(of: bytes))
                        $0.data = Data(bytes)
                    }
                ]
            })
        return response.responses[0].status
    }

    func missing(_ digests: [Digest]) async throws -> Set<Digest> {
        let response = try await storage.findMissingBlobs(
            .with { $0.blobDigests = digests.map { DigestMessage($0) } })
        return Set(response.missingBlobDigests.compactMap { Digest($0) })
    }

    /// Uploads a message.
    func add(_ bytes: Data) async throws -> DigestMessage {
        _ = try await add(Array(bytes))
        return DigestMessage(Digest(of: Array(bytes)))
    }

    /// Reads a blob by ByteStream.
    func read(_ name: String, offset: Int64 = 0, limit: Int64 = 0) async throws -> [UInt8] {
        try await stream.read(
            .with {
                $0.resourceName = name
                $0.readOffset = offset
                $0.readLimit = limit
            }
        ) { response in
            var bytes: [UInt8] = []
            for try await message in response.messages { bytes += message.data }
            return bytes
        }
    }

    /// Writes parts by ByteStream, one behind the other.
    func write(
        _ name: String, _ parts: [[UInt8]], from offset: Int64 = 0, finishes: Bool = true
    ) async throws -> Int64 {
        let response = try await stream.write { writer in
            var position = offset
            for (index, part) in parts.enumerated() {
                try await writer.write(
                    .with {
                        $0.resourceName = index == 0 ? name : ""
                        $0.writeOffset = position
                        $0.data = Data(part)
                        $0.finishWrite = finishes && index == parts.count - 1
                    })
                position += Int64(part.count)
            }
        }
        return response.committedSize
    }
}

/// The code of the error that a call ends with; nil if it ends well.
func code(of body: () async throws -> Void) async throws -> RPCError.Code? {
    do {
        try await body()
        return nil
    } catch let error as RPCError {
        return error.code
    }
}
