internal import BrambleModel
internal import BrambleREAPI
internal import GRPCCore
internal import SwiftProtobuf

/// REAPI v2, `Execution`: runs actions in sandboxes of this machine.
struct ExecutionHandler: ExecutionService.SimpleServiceProtocol {
    let queue: ExecutionQueue
    let results: ActionResults
    let threads: DiskThreads

    func execute(
        request: Build_Bazel_Remote_Execution_V2_ExecuteRequest,
        response: RPCWriter<OperationMessage>, context: ServerContext
    ) async throws {
        let digest = try Digest(required: request.actionDigest, "the action")
        let action = try await threads.run { [results] in
            try ActionRequest(digest, in: results.folder)
        }
        let inlining = Inlining(request)
        if !request.skipCacheLookup, action.isToBeKept,
            let result = try await cached(digest, request.instanceName)
        {
            return try await response.write(answer(result, of: action, request))
        }
        let operation = try queue.submit(action, instance: request.instanceName)
        try await follow(operation, response, inlining, context)
    }

    func waitExecution(
        request: Build_Bazel_Remote_Execution_V2_WaitExecutionRequest,
        response: RPCWriter<OperationMessage>, context: ServerContext
    ) async throws {
        guard let operation = queue.find(request.name) else {
            throw RequestError(
                .notFound, "there is no operation `\(request.name.prefix(200))`")
        }
        try await follow(operation, response, nil, context)
    }

    /// Passes on what is known of an operation until it is done or the client is gone.
    private func follow(
        _ operation: RunningOperation, _ response: RPCWriter<OperationMessage>,
        _ inlining: Inlining?, _ context: ServerContext
    ) async throws {
        let messages = operation.watch()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [threads, results] in
                for await var message in messages {
                    if message.done, let inlining {
                        let done = message
                        message = try await threads.run {
                            inlining.applied(to: done, from: results.folder)
                        }
                    }
                    try await response.write(message)
                }
            }
            group.addTask {
                // A client that is gone is noticed without anything to be sent.
                try await context.cancellation.cancelled
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private func cached(
        _ digest: Digest, _ instance: String
    ) async throws -> ActionResultMessage? {
        try await threads.run { [results] in
            let result = try results.find(digest.hash, instance: instance)
            // One that failed, which a client has put there, is run again.
            return result?.exitCode == 0 ? result : nil
        }
    }

    private func answer(
        _ result: ActionResultMessage, of action: ActionRequest,
        _ request: Build_Bazel_Remote_Execution_V2_ExecuteRequest
    ) throws -> OperationMessage {
        let operation = RunningOperation(
            name: "operations/cached-\(action.digest.hash.hex)", request: action,
            instance: request.instanceName)
        var filled = result
        Inlining(request).apply(to: &filled, from: results.folder)
        operation.finish(
            .with {
                $0.result = filled
                $0.cachedResult = true
            })
        return operation.message
    }
}

extension Inlining {
    /// The same for a result that is part of an operation.
    func applied(to operation: OperationMessage, from folder: CacheFolder) -> OperationMessage {
        var operation = operation
        // It is ours, so it can be read.
        if var response = try? ActionRunner.Response(unpackingAny: operation.response) {
            apply(to: &response.result, from: folder)
            if let response = try? Google_Protobuf_Any(message: response) {
                operation.response = response
            }
        }
        return operation
    }
}
