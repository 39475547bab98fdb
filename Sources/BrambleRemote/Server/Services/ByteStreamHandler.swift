internal import BrambleModel
internal import BrambleREAPI
internal import FoundationEssentials
internal import GRPCCore
internal import SwiftProtobuf

/// `google.bytestream.ByteStream` as REAPI v2 uses it: blobs of any size, in constant memory.
struct ByteStreamHandler: ByteStreamService.SimpleServiceProtocol {
    let folder: CacheFolder
    let threads: DiskThreads
    let backlog: UploadBacklog
    let quota: UploadQuota
    let uploads = UploadRegister()

    func queryWriteStatus(
        request: Google_Bytestream_QueryWriteStatusRequest, context: ServerContext
    ) async throws -> Google_Bytestream_QueryWriteStatusResponse {
        let name = try ResourceName(writing: request.resourceName)
        let isThere = folder.missing([name.digest]).isEmpty
        guard isThere || uploads.receivedBytes(name) != nil else {
            throw CacheError(.notFound, "there is no upload of `\(name.digest)`")
        }
        return .with {
            $0.complete = isThere
            $0.committedSize = Int64(
                isThere ? name.digest.sizeBytes : uploads.receivedBytes(name) ?? 0)
        }
    }

    // MARK: - Reading

    func read(
        request: Google_Bytestream_ReadRequest,
        response: RPCWriter<Google_Bytestream_ReadResponse>, context: ServerContext
    ) async throws {
        let name = try ResourceName(reading: request.resourceName)
        let size = name.digest.sizeBytes
        guard let offset = Int(exactly: request.readOffset), (0...size).contains(offset),
            request.readLimit >= 0
        else {
            throw RequestError(
                .outOfRange,
                "offset \(request.readOffset) and limit \(request.readLimit) are not within the blob's "
                    + "\(size) bytes")
        }
        guard !name.isCompressed || request.readLimit == 0 else {
            throw RequestError(.invalidArgument, "a compressed blob is read to its end: no limit")
        }
        let end = request.readLimit == 0 ? size : min(size, offset + Int(request.readLimit))
        if size == 0 {
            guard name.digest == CacheFolder.emptyDigest else {
                throw CacheError(.notFound, "there is no blob `\(name.digest)`")
            }
            // An empty blob, compressed, is a frame of some bytes.
            if !name.isCompressed { return }
        }
        let reading = try await threads.run { [folder] in
            OutgoingBlob(
                file: size == 0 ? nil : try folder.openBlob(name.digest), digest: name.digest,
                offset: offset, end: end, encoder: name.isCompressed ? try FrameCompressor() : nil)
        }
        try await send(reading, to: response)
    }

    private func send(
        _ reading: OutgoingBlob, to response: RPCWriter<Google_Bytestream_ReadResponse>
    ) async throws {
        while let part = try await threads.run({ try reading.next() }) {
            if !part.isEmpty { try await response.write(.with { $0.data = Data(part) }) }
        }
        if reading.isDamaged {
            folder.drop(.blob(reading.digest.hash))
            throw CacheError(
                .damaged,
                "the blob `\(reading.digest)` was damaged, and is removed: upload it again")
        }
    }

    // MARK: - Writing

    func write(
        request: RPCAsyncSequence<Google_Bytestream_WriteRequest, any Error>, context: ServerContext
    ) async throws -> Google_Bytestream_WriteResponse {
        let caller = Caller(context)
        var writing: (name: ResourceName, upload: BlobUpload)?
        do {
            for try await message in request {
                if writing == nil {
                    let name = try ResourceName(writing: message.resourceName)
                    if message.writeOffset == 0, folder.missing([name.digest]).isEmpty {
                        return answer(name, isThere: true)
                    }
                    writing = (name, try begin(name, at: message.writeOffset))
                }
                guard let (name, upload) = writing else { break }
                try await take(message, of: name, upload, caller)
                if message.finishWrite {
                    try await threads.run { _ = try upload.finish() }
                    uploads.remove(name, upload)
                    return answer(name, isThere: false)
                }
            }
        } catch {
            if let (name, upload) = writing { settle(name, upload, after: error) }
            throw error
        }
        guard let (name, upload) = writing else {
            throw RequestError(.invalidArgument, "the stream has no message")
        }
        uploads.put(back: name, upload)
        return .with { $0.committedSize = Int64(upload.receivedBytes) }
    }

    private func begin(_ name: ResourceName, at offset: Int64) throws -> BlobUpload {
        try uploads.take(name, offset: Int(offset)) {
            try BlobUpload(
                folder, hash: name.digest.hash, sizeBytes: name.digest.sizeBytes,
                isCompressed: name.isCompressed)
        }
    }

    private func take(
        _ message: Google_Bytestream_WriteRequest, of name: ResourceName, _ upload: BlobUpload,
        _ caller: Caller
    ) async throws {
        guard Int(message.writeOffset) == upload.receivedBytes else {
            throw RequestError(
                .invalidArgument,
                "offset \(message.writeOffset) does not follow \(upload.receivedBytes) bytes")
        }
        guard !message.data.isEmpty else { return }
        try quota.spend(message.data.count, caller)
        try await backlog.writing { try await threads.run { try upload.append(message.data) } }
    }

    /// What becomes of an upload whose stream failed: what is wrong is thrown away, what was interrupted may go on.
    private func settle(_ name: ResourceName, _ upload: BlobUpload, after error: any Error) {
        let isWrong: Bool
        switch error {
        case let error as CacheError: isWrong = error.code == .malformed
        default: isWrong = error is CompressionError
        }
        if isWrong { uploads.remove(name, upload) } else { uploads.put(back: name, upload) }
    }

    /// Whoever writes compressed what is there already is told -1 (REAPI v2).
    private func answer(
        _ name: ResourceName, isThere: Bool
    ) -> Google_Bytestream_WriteResponse {
        .with {
            $0.committedSize = isThere && name.isCompressed ? -1 : Int64(name.digest.sizeBytes)
        }
    }
}
