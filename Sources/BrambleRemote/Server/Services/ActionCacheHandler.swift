internal import BrambleModel
internal import BrambleREAPI
internal import GRPCCore

/// REAPI v2, `ActionCache`: only results of which every blob is there.
struct ActionCacheHandler: ActionCacheService.SimpleServiceProtocol {
    let results: ActionResults
    let threads: DiskThreads

    func getActionResult(
        request: Build_Bazel_Remote_Execution_V2_GetActionResultRequest, context: ServerContext
    ) async throws -> ActionResultMessage {
        let digest = try Digest(required: request.actionDigest, "the action")
        let inlining = Inlining(request)
        return try await threads.run { [results] in
            guard var result = try results.find(digest.hash, instance: request.instanceName) else {
                throw CacheError(.notFound, "there is no result of the action `\(digest)`")
            }
            inlining.apply(to: &result, from: results.folder)
            return result
        }
    }

    func updateActionResult(
        request: Build_Bazel_Remote_Execution_V2_UpdateActionResultRequest, context: ServerContext
    ) async throws -> ActionResultMessage {
        let digest = try Digest(required: request.actionDigest, "the action")
        guard request.hasActionResult else {
            throw RequestError(.invalidArgument, "the request has no result")
        }
        try await threads.run { [results] in
            try results.keep(
                request.actionResult, by: .client, of: digest.hash,
                instance: request.instanceName)
        }
        return request.actionResult
    }
}
