internal import BrambleModel
internal import BrambleREAPI
internal import FoundationEssentials
internal import GRPCCore
internal import SwiftProtobuf

/// REAPI v2, `ContentAddressableStorage`.
struct StorageHandler: CASService.SimpleServiceProtocol {
    let folder: CacheFolder
    let threads: DiskThreads
    let backlog: UploadBacklog
    let quota: UploadQuota

    func findMissingBlobs(
        request: Build_Bazel_Remote_Execution_V2_FindMissingBlobsRequest, context: ServerContext
    ) async throws -> Build_Bazel_Remote_Execution_V2_FindMissingBlobsResponse {
        let digests = try request.blobDigests.map { try Digest(required: $0, "a blob") }
        let missing = try await threads.run { [folder] in folder.missing(digests) }
        return .with { $0.missingBlobDigests = missing.map { DigestMessage($0) } }
    }

    func batchUpdateBlobs(
        request: Build_Bazel_Remote_Execution_V2_BatchUpdateBlobsRequest, context: ServerContext
    ) async throws -> Build_Bazel_Remote_Execution_V2_BatchUpdateBlobsResponse {
        let size = request.requests.reduce(0) { $0 + $1.data.count }
        try quota.spend(size, Caller(context))
        let responses = try await backlog.writing {
            try await threads.run { [folder] in
                request.requests.map { request in
                    Build_Bazel_Remote_Execution_V2_BatchUpdateBlobsResponse.Response.with {
                        $0.digest = request.digest
                        $0.status = StorageHandler.add(request, to: folder)
                    }
                }
            }
        }
        return .with { $0.responses = responses }
    }

    func batchReadBlobs(
        request: Build_Bazel_Remote_Execution_V2_BatchReadBlobsRequest, context: ServerContext
    ) async throws -> Build_Bazel_Remote_Execution_V2_BatchReadBlobsResponse {
        let digests = try request.digests.map { try Digest(required: $0, "a blob") }
        let size = digests.reduce(0) { $0.addingReportingOverflow($1.sizeBytes).partialValue }
        guard (0...ServerLimits.batchBytes).contains(size),
            digests.allSatisfy({ $0.sizeBytes <= ServerLimits.batchBytes })
        else {
            throw RequestError(
                .invalidArgument,
                "the blobs have more than \(ServerLimits.batchBytes) bytes: read them by ByteStream"
            )
        }
        let compresses = request.acceptableCompressors.contains(.zstd)
        let responses = try await threads.run { [folder] in
            digests.map { StorageHandler.read($0, from: folder, compresses: compresses) }
        }
        return .with { $0.responses = responses }
    }

    func getTree(
        request: Build_Bazel_Remote_Execution_V2_GetTreeRequest,
        response: RPCWriter<Build_Bazel_Remote_Execution_V2_GetTreeResponse>, context: ServerContext
    ) async throws {
        let root = try Digest(required: request.rootDigest, "the root")
        var walk = try DirectoryWalk(folder, root: root, after: request.pageToken)
        var limit = ServerLimits.pageDirectories
        if request.pageSize > 0 { limit = min(limit, Int(request.pageSize)) }
        while !walk.isAtEnd {
            let current = walk
            let (page, rest) = try await threads.run { [limit] in
                var walk = current
                return (try walk.nextPage(limit: limit), walk)
            }
            walk = rest
            try await response.write(
                .with {
                    $0.directories = page
                    $0.nextPageToken = walk.isAtEnd ? "" : walk.token
                })
        }
    }

    // MARK: - One blob of many

    private static func add(
        _ request: Build_Bazel_Remote_Execution_V2_BatchUpdateBlobsRequest.Request,
        to folder: CacheFolder
    ) -> Google_Rpc_Status {
        do {
            let digest = try Digest(required: request.digest, "a blob")
            switch request.compressor {
            case .identity: try folder.addBlob(request.data, digest)
            case .zstd:
                let upload = try BlobUpload(
                    folder, hash: digest.hash, sizeBytes: digest.sizeBytes, isCompressed: true)
                try upload.append(request.data)
                try upload.finish()
            default: throw RequestError(.invalidArgument, "the compressor is not supported")
            }
            return Google_Rpc_Status()
        } catch {
            return status(of: error)
        }
    }

    private static func read(
        _ digest: Digest, from folder: CacheFolder, compresses: Bool
    ) -> Build_Bazel_Remote_Execution_V2_BatchReadBlobsResponse.Response {
        .with { response in
            response.digest = DigestMessage(digest)
            do {
                let bytes = try folder.readBlob(digest)
                response.data = Data(bytes)
                if compresses, bytes.count >= StorageHandler.worthCompressingBytes {
                    let compressed = try bytes.withUnsafeBytes {
                        try FrameCompressor().encode($0, isLast: true)
                    }
                    if compressed.count < bytes.count {
                        response.data = Data(compressed)
                        response.compressor = .zstd
                    }
                }
            } catch {
                response.status = status(of: error)
            }
        }
    }

    /// Below, there is nothing to be gained.
    private static let worthCompressingBytes = 256

    private static func status(of error: any Error) -> Google_Rpc_Status {
        Google_Rpc_Status.with {
            let failure = (error as? any RPCErrorConvertible).map { RPCError($0) }
            $0.code = Int32((failure?.code ?? .internalError).rawValue)
            $0.message = failure?.message ?? "\(error)"
        }
    }
}
