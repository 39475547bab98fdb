import BrambleModel
import BrambleREAPI
import GRPCCore
import SwiftProtobuf
import Synchronization

@testable import BrambleRemote

struct MemoryCapabilities: CapabilitiesService.SimpleServiceProtocol {
    let engine: MemoryEngine

    func getCapabilities(
        request: Build_Bazel_Remote_Execution_V2_GetCapabilitiesRequest, context: ServerContext
    ) async throws -> CapabilitiesMessage {
        try engine.enter(.capabilities, context)
        var message = CapabilitiesMessage()
        message.cacheCapabilities.digestFunctions = [.sha256]
        message.cacheCapabilities.maxBatchTotalSizeBytes = 100_000
        message.cacheCapabilities.actionCacheUpdateCapabilities.updateEnabled = true
        if engine.faults.hasZstd { message.cacheCapabilities.supportedCompressors = [.zstd] }
        message.executionCapabilities.execEnabled = true
        return message
    }
}

struct MemoryCAS: CASService.SimpleServiceProtocol {
    let engine: MemoryEngine

    func findMissingBlobs(
        request: Build_Bazel_Remote_Execution_V2_FindMissingBlobsRequest, context: ServerContext
    ) async throws -> Build_Bazel_Remote_Execution_V2_FindMissingBlobsResponse {
        try engine.enter(.missing, context)
        var response = Build_Bazel_Remote_Execution_V2_FindMissingBlobsResponse()
        response.missingBlobDigests = request.blobDigests.filter { message in
            Digest(message).flatMap { engine.blob($0) } == nil
        }
        return response
    }

    func batchUpdateBlobs(
        request: Build_Bazel_Remote_Execution_V2_BatchUpdateBlobsRequest, context: ServerContext
    ) async throws -> Build_Bazel_Remote_Execution_V2_BatchUpdateBlobsResponse {
        try engine.enter(.batchWrite, context)
        let size = request.requests.reduce(0) { $0 + $1.data.count }
        guard size <= 100_000 else {
            throw RPCError(code: .invalidArgument, message: "\(size) bytes in a batch")
        }
        var response = Build_Bazel_Remote_Execution_V2_BatchUpdateBlobsResponse()
        for part in request.requests {
            engine.add(Array(part.data))
            var answer = Build_Bazel_Remote_Execution_V2_BatchUpdateBlobsResponse.Response()
            answer.digest = part.digest
            response.responses.append(answer)
        }
        return response
    }

    func batchReadBlobs(
        request: Build_Bazel_Remote_Execution_V2_BatchReadBlobsRequest, context: ServerContext
    ) async throws -> Build_Bazel_Remote_Execution_V2_BatchReadBlobsResponse {
        try engine.enter(.batchRead, context)
        var response = Build_Bazel_Remote_Execution_V2_BatchReadBlobsResponse()
        for message in request.digests {
            var answer = Build_Bazel_Remote_Execution_V2_BatchReadBlobsResponse.Response()
            answer.digest = message
            if let bytes = Digest(message).flatMap({ engine.blob($0) }) {
                answer.data = .init(engine.faults.corrupts ? bytes.map { $0 ^ 1 } : bytes)
            } else {
                answer.status.code = 5
            }
            response.responses.append(answer)
        }
        return response
    }

    func getTree(
        request: Build_Bazel_Remote_Execution_V2_GetTreeRequest,
        response: RPCWriter<Build_Bazel_Remote_Execution_V2_GetTreeResponse>,
        context: ServerContext
    ) async throws {
        throw RPCError(code: .unimplemented, message: "nobody asks for trees")
    }
}

struct MemoryByteStream: ByteStreamService.SimpleServiceProtocol {
    let engine: MemoryEngine

    private func digest(_ resource: String) throws -> Digest {
        let parts = resource.split(separator: "/")
        guard let digest = try? Digest(parts.suffix(2).joined(separator: "/")) else {
            throw RPCError(code: .invalidArgument, message: resource)
        }
        return digest
    }

    func read(
        request: Google_Bytestream_ReadRequest,
        response: RPCWriter<Google_Bytestream_ReadResponse>, context: ServerContext
    ) async throws {
        try engine.enter(.read, context)
        guard var bytes = engine.blob(try digest(request.resourceName)) else {
            throw RPCError(code: .notFound, message: request.resourceName)
        }
        while engine.faults.sendsEmptyFrames, !context.cancellation.isCancelled {
            let empty = try ZstdEncoder().encode([], isLast: true)
            try await response.write(
                .with { $0.data = .init(Array(repeating: empty, count: 100).joined()) })
        }
        bytes = Array(bytes.dropFirst(Int(request.readOffset)))
        if engine.faults.corrupts { bytes = bytes.map { $0 ^ 1 } }
        if request.resourceName.contains("compressed-blobs/zstd/") {
            bytes = try ZstdEncoder().encode(bytes, isLast: true)
        }
        if engine.takeShortRead() { bytes.removeLast(bytes.count / 2) }
        let limit = engine.takeBreak()
        for start in stride(from: 0, to: min(bytes.count, limit ?? .max), by: 1_000) {
            let end = min(bytes.count, start + 1_000, limit ?? .max)
            try await response.write(.with { $0.data = .init(bytes[start..<end]) })
        }
        if limit != nil { throw RPCError(code: .unavailable, message: "broken off") }
        let more = Google_Bytestream_ReadResponse.with {
            $0.data = .init(repeating: 0, count: 10_000)
        }
        while engine.faults.isEndless, !context.cancellation.isCancelled {
            try await response.write(more)
        }
    }

    func write(
        request: RPCAsyncSequence<Google_Bytestream_WriteRequest, any Error>,
        context: ServerContext
    ) async throws -> Google_Bytestream_WriteResponse {
        try engine.enter(.write, context)
        var bytes: [UInt8] = []
        var resource = ""
        for try await part in request {
            if !part.resourceName.isEmpty { resource = part.resourceName }
            bytes += part.data
        }
        let size = bytes.count
        let digest = try digest(resource)
        if resource.contains("compressed-blobs/zstd/") {
            bytes = try ZstdDecoder(limitBytes: digest.sizeBytes).decode(bytes).flatMap(\.self)
        }
        guard Digest(of: bytes) == digest else {
            throw RPCError(code: .invalidArgument, message: "it is something else")
        }
        engine.add(bytes)
        return .with { $0.committedSize = Int64(size) }
    }

    func queryWriteStatus(
        request: Google_Bytestream_QueryWriteStatusRequest, context: ServerContext
    ) async throws -> Google_Bytestream_QueryWriteStatusResponse {
        throw RPCError(code: .unimplemented, message: "it starts anew")
    }
}

struct MemoryActionCache: ActionCacheService.SimpleServiceProtocol {
    let engine: MemoryEngine

    func getActionResult(
        request: Build_Bazel_Remote_Execution_V2_GetActionResultRequest, context: ServerContext
    ) async throws -> ActionResultMessage {
        try engine.enter(.getResult, context)
        guard let result = Digest(request.actionDigest).flatMap({ engine.result($0) }) else {
            throw RPCError(code: .notFound, message: "no result")
        }
        return result
    }

    func updateActionResult(
        request: Build_Bazel_Remote_Execution_V2_UpdateActionResultRequest,
        context: ServerContext
    ) async throws -> ActionResultMessage {
        try engine.enter(.updateResult, context)
        guard let action = Digest(request.actionDigest), engine.blob(action) != nil else {
            throw RPCError(code: .invalidArgument, message: "an action that is not there")
        }
        engine.setResult(action, request.actionResult)
        return request.actionResult
    }
}

struct MemoryExecution: ExecutionService.SimpleServiceProtocol {
    let engine: MemoryEngine

    private func finished(_ result: ActionResultMessage) throws -> OperationMessage {
        var response = Build_Bazel_Remote_Execution_V2_ExecuteResponse()
        response.result = result
        return try .with {
            $0.name = "operation"
            $0.done = true
            $0.response = try Google_Protobuf_Any(message: response)
        }
    }

    func execute(
        request: Build_Bazel_Remote_Execution_V2_ExecuteRequest,
        response: RPCWriter<OperationMessage>, context: ServerContext
    ) async throws {
        try engine.enter(.execute, context)
        engine.noteAction(Digest(request.actionDigest))
        try await response.write(.with { $0.name = "operation" })
        switch engine.takeExecution() {
        case .result(let result): try await response.write(try finished(result))
        case .status(let error):
            var message = Build_Bazel_Remote_Execution_V2_ExecuteResponse()
            message.status.code = Int32(error.code.rawValue)
            message.status.message = error.message
            let any = try Google_Protobuf_Any(message: message)
            try await response.write(
                .with {
                    $0.done = true
                    $0.response = any
                })
        case .brokenStream(let result):
            engine.setExecutions([.result(result)])
            throw RPCError(code: .unavailable, message: "broken off")
        case .endless:
            while !engine.hasEnded, !context.cancellation.isCancelled {
                try await Task.sleep(for: .milliseconds(20))
            }
        case nil:
            guard let action = Digest(request.actionDigest),
                let result = try engine.run(action, isFresh: request.skipCacheLookup)
            else { throw RPCError(code: .internalError, message: "nothing to run") }
            try await response.write(try finished(result))
        }
    }

    func waitExecution(
        request: Build_Bazel_Remote_Execution_V2_WaitExecutionRequest,
        response: RPCWriter<OperationMessage>, context: ServerContext
    ) async throws {
        try engine.enter(.wait, context)
        guard case .result(let result) = engine.takeExecution() else {
            throw RPCError(code: .notFound, message: "no such operation")
        }
        try await response.write(try finished(result))
    }
}

struct MemoryOperations: Google_Longrunning_Operations.SimpleServiceProtocol {
    let engine: MemoryEngine

    func cancelOperation(
        request: Google_Longrunning_CancelOperationRequest, context: ServerContext
    ) async throws -> Google_Protobuf_Empty {
        engine.cancel(request.name)
        return Google_Protobuf_Empty()
    }

    func listOperations(
        request: Google_Longrunning_ListOperationsRequest, context: ServerContext
    ) async throws -> Google_Longrunning_ListOperationsResponse {
        throw RPCError(code: .unimplemented, message: "nobody lists operations")
    }

    func getOperation(
        request: Google_Longrunning_GetOperationRequest, context: ServerContext
    ) async throws -> OperationMessage {
        throw RPCError(code: .unimplemented, message: "nobody asks for operations")
    }

    func deleteOperation(
        request: Google_Longrunning_DeleteOperationRequest, context: ServerContext
    ) async throws -> Google_Protobuf_Empty {
        throw RPCError(code: .unimplemented, message: "nobody deletes operations")
    }
}
