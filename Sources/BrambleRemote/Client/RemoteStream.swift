import BrambleModel
import BrambleREAPI
import BrambleStore
import GRPCCore
import Synchronization

/// Contents as streams (`google.bytestream.ByteStream`, as REAPI v2 uses it): of any size, in
/// constant memory; taken up again where they broke off.
struct RemoteStream: Sendable {
    let cas: RemoteCAS

    private var connection: RemoteConnection { cas.connection }

    private var service: ByteStreamService.Client<Transport> {
        ByteStreamService.Client(wrapping: connection.client)
    }

    /// Content of one message: large against what a message costs, small against memory.
    static let partBytes = 512 << 10

    private var usesZstd: Bool {
        cas.capabilities.hasZstd
            && (connection.options.compresses ?? !connection.endpoint.isLoopback)
    }

    private func resource(_ digest: Digest, isCompressed: Bool) -> String {
        let instance = connection.endpoint.instance
        return (instance.isEmpty ? "" : instance + "/")
            + (isCompressed ? "compressed-blobs/zstd/" : "blobs/") + digest.description
    }

    // MARK: Reading

    /// A content that is not too large for memory.
    ///
    /// - Throws: `notFound`, `corrupt`.
    func read(_ digest: Digest) async throws(RemoteError) -> [UInt8] {
        guard digest.sizeBytes > 0 else { return [] }
        let bytes = Mutex<[UInt8]>([])
        try await read(digest) { part in bytes.withLock { $0 += part } }
        return bytes.withLock { $0 }
    }

    /// What has come of a content.
    private struct Reading {
        var hasher = ContentHasher()
        var count = 0
    }

    /// Reads a content in parts, and checks it at the end: who takes them must not show them to
    /// anybody before this returns.
    func read(
        _ digest: Digest, _ take: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws(RemoteError) {
        let reading = Mutex(Reading())
        let cas = cas
        try await connection.call(
            "read the blob `\(digest)`", timeout: RemoteStream.longest
        ) { attempt in
            let start = reading.withLock { $0.count }
            let watch = ProgressWatch(interval: connection.options.streamTimeout)
            try await watch.run { [self] in
                try await stream(digest, from: start, attempt) { part in
                    watch.note(part.count)
                    let isMore = reading.withLock { reading in
                        reading.count += part.count
                        part.withUnsafeBytes { reading.hasher.update($0) }
                        return reading.count > digest.sizeBytes
                    }
                    // Whatever comes beyond what was promised is not waited for.
                    guard !isMore else { throw cas.wrong(digest) }
                    try await take(part)
                }
            }
            let count = reading.withLock { $0.count }
            guard count == digest.sizeBytes else {
                throw RemoteError(
                    .unreachable, "the blob `\(digest)` ended after \(count) bytes")
            }
        }
        let found = reading.withLock { $0.hasher.digest }
        guard found == digest else { throw cas.wrong(digest) }
    }

    /// A part of a content, unchecked. Engines disagree about `read_limit`, so it is not asked for:
    /// the stream is left when enough has come.
    ///
    /// - Throws: `notFound`.
    func part(
        of digest: Digest, at offset: Int, limitBytes: Int
    ) async throws(RemoteError) -> [UInt8] {
        let wanted = min(limitBytes, digest.sizeBytes - offset)
        var request = Google_Bytestream_ReadRequest()
        request.resourceName = resource(digest, isCompressed: false)
        request.readOffset = Int64(offset)
        let message = request
        return try await connection.call(
            "read the blob `\(digest)`",
            timeout: connection.options.streamTimeout + .seconds(wanted >> 20)
        ) { attempt in
            try await service.read(
                message, metadata: attempt.metadata, options: attempt.options
            ) { response in
                var bytes: [UInt8] = []
                for try await message in response.messages {
                    bytes += message.data
                    if bytes.count >= wanted { break }
                }
                guard bytes.count >= wanted else {
                    throw RemoteError(.unreachable, "the blob `\(digest)` ended early")
                }
                return Array(bytes.prefix(wanted))
            }
        }
    }

    private func stream(
        _ digest: Digest, from offset: Int, _ attempt: RemoteConnection.Attempt,
        _ take: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        var request = Google_Bytestream_ReadRequest()
        request.resourceName = resource(digest, isCompressed: usesZstd)
        request.readOffset = Int64(offset)
        let decoder = usesZstd ? try ZstdDecoder(limitBytes: digest.sizeBytes - offset) : nil
        // Frames with nothing in them would come for ever.
        let limit = ZstdDecoder.compressedLimit(of: digest.sizeBytes - offset)
        let (cas, connection) = (cas, connection)
        try await service.read(
            request, metadata: attempt.metadata, options: attempt.options
        ) { response in
            var count = 0
            for try await message in response.messages {
                connection.noteAnswer()
                let data = Array(message.data)
                count += data.count
                guard decoder == nil || count <= limit else { throw cas.wrong(digest) }
                guard let decoder else {
                    if !data.isEmpty { try await take(data) }
                    continue
                }
                for part in try decoder.decode(data) { try await take(part) }
            }
        }
    }

    /// What a stream may take in all, as long as it moves: longer than any.
    private static let longest = Duration.seconds(86_400)

    // MARK: Writing

    /// Writes a content, from where it is needed.
    ///
    /// - Parameter read: A part of the content, at an offset; at most so many bytes.
    func write(
        _ digest: Digest,
        _ read: @escaping @Sendable (_ offset: Int, _ limitBytes: Int) async throws -> [UInt8]
    ) async throws(RemoteError) {
        let instance = connection.endpoint.instance
        let upload = UploadName.random()
        let resource =
            (instance.isEmpty ? "" : instance + "/") + "uploads/\(upload)/"
            + (usesZstd ? "compressed-blobs/zstd/" : "blobs/") + digest.description
        let isFirst = Mutex(true)
        try await connection.call(
            "write the blob `\(digest)`", timeout: RemoteStream.longest
        ) { attempt in
            let hasBegun = isFirst.withLock { isFirst in
                defer { isFirst = false }
                return !isFirst
            }
            // How far a compressed stream got says nothing about how to go on in it.
            let start =
                hasBegun && !usesZstd ? await committed(resource, of: digest.sizeBytes, attempt) : 0
            let watch = ProgressWatch(interval: connection.options.streamTimeout)
            try await watch.run { [self] in
                try await send(digest, to: resource, from: start, attempt, watch, read)
            }
        }
    }

    /// How much of an upload has arrived; 0 if nobody can tell.
    private func committed(
        _ resource: String, of sizeBytes: Int, _ attempt: RemoteConnection.Attempt
    ) async -> Int {
        var request = Google_Bytestream_QueryWriteStatusRequest()
        request.resourceName = resource
        var options = attempt.options
        options.timeout = connection.options.callTimeout
        // Most engines do not know the call; then it starts anew.
        let status = try? await service.queryWriteStatus(
            request, metadata: attempt.metadata, options: options)
        guard let count = status.map({ Int($0.committedSize) }), count <= sizeBytes else {
            return 0
        }
        return max(0, count)
    }

    private func send(
        _ digest: Digest, to resource: String, from start: Int,
        _ attempt: RemoteConnection.Attempt, _ watch: ProgressWatch,
        _ read: @escaping @Sendable (Int, Int) async throws -> [UInt8]
    ) async throws {
        let usesZstd = usesZstd
        let (failures, failed) = AsyncStream.makeStream(of: (any Error).self)
        let request = StreamingClientRequest<Google_Bytestream_WriteRequest>(
            metadata: attempt.metadata
        ) { writer in
            do {
                try await RemoteStream.produce(digest, resource, start, usesZstd, read) {
                    try await writer.write($0)
                    watch.note($0.data.count)
                }
                watch.noteLast(of: digest.sizeBytes)
            } catch {
                // A stream that the other side has closed has an answer, or fails by itself: then this is
                // ended, by a cancellation or a failure of the library.
                if error is StoreError || error is RemoteError { failed.yield(error) }
                throw error
            }
        }
        let response = try await answer(to: request, attempt.options, failures)
        // -1: it was there already, compressed or not (REAPI v2, "Write").
        let isWhole =
            response.committedSize == -1 || response.committedSize == digest.sizeBytes || usesZstd
        guard isWhole else {
            throw RemoteError(
                .unreachable, "\(response.committedSize) bytes of the blob `\(digest)` arrived")
        }
    }
}

extension RemoteStream {
    /// Makes a call that ends when what is to be sent cannot be had: the library leaves it open, and
    /// the other side waits for more.
    private func answer(
        to request: StreamingClientRequest<Google_Bytestream_WriteRequest>,
        _ options: CallOptions, _ failures: AsyncStream<any Error>
    ) async throws -> Google_Bytestream_WriteResponse {
        let service = service
        return try await withThrowingTaskGroup(
            of: Google_Bytestream_WriteResponse?.self
        ) { group in
            group.addTask { try await service.write(request: request, options: options) }
            group.addTask {
                for await failure in failures { throw failure }
                return nil
            }
            defer { group.cancelAll() }
            while let response = try await group.next() {
                if let response { return response }
            }
            throw CancellationError()
        }
    }

    /// Sends a content from an offset on.
    private static func produce(
        _ digest: Digest, _ resource: String, _ start: Int, _ usesZstd: Bool,
        _ read: @Sendable (Int, Int) async throws -> [UInt8],
        _ send: (Google_Bytestream_WriteRequest) async throws -> Void
    ) async throws {
        let encoder = usesZstd ? try ZstdEncoder() : nil
        var offset = start
        var sent = start
        repeat {
            let part = try await read(offset, partBytes)
            offset += part.count
            let isLast = offset >= digest.sizeBytes
            guard !part.isEmpty || isLast else {
                throw RemoteError(.corrupt, "the blob `\(digest)` is shorter than it should be")
            }
            var message = Google_Bytestream_WriteRequest()
            message.resourceName = resource
            message.writeOffset = Int64(sent)
            let bytes = try encoder?.encode(part, isLast: isLast) ?? part
            message.data = .init(bytes)
            message.finishWrite = isLast
            sent += bytes.count
            try await send(message)
        } while offset < digest.sizeBytes
    }
}

/// The names of uploads: UUIDs, as REAPI asks for.
private enum UploadName {
    static func random() -> String {
        let bytes = (0..<16).map { _ in UInt8.random(in: 0...255) }
        let digits = bytes.enumerated().map { position, byte -> String in
            // RFC 9562, version 4.
            var byte = byte
            if position == 6 { byte = byte & 0x0F | 0x40 }
            if position == 8 { byte = byte & 0x3F | 0x80 }
            let text = String(byte, radix: 16)
            return (byte < 16 ? "0" : "") + text
        }.joined()
        var name = ""
        for (position, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(position) { name += "-" }
            name.append(digit)
        }
        return name
    }
}
