import BrambleModel
import BrambleREAPI

/// Results of actions that an engine or a cache keeps (REAPI v2, `ActionCache`).
struct RemoteActionCache: Sendable {
    let connection: RemoteConnection

    private var service: ActionCacheService.Client<Transport> {
        ActionCacheService.Client(wrapping: connection.client)
    }

    /// - Returns: nil if there is none, or not all of it.
    func find(_ action: Digest) async throws(RemoteError) -> ActionResultMessage? {
        var request = Build_Bazel_Remote_Execution_V2_GetActionResultRequest()
        request.instanceName = connection.endpoint.instance
        request.actionDigest = DigestMessage(action)
        request.inlineStdout = true
        request.inlineStderr = true
        let message = request
        do throws(RemoteError) {
            return try await connection.call("look for a result", action: action) { attempt in
                try await service.getActionResult(
                    message, metadata: attempt.metadata, options: attempt.options)
            }
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    func update(_ action: Digest, _ result: ActionResultMessage) async throws(RemoteError) {
        var request = Build_Bazel_Remote_Execution_V2_UpdateActionResultRequest()
        request.instanceName = connection.endpoint.instance
        request.actionDigest = DigestMessage(action)
        request.actionResult = result
        let message = request
        _ = try await connection.call("keep a result", action: action) { attempt in
            try await service.updateActionResult(
                message, metadata: attempt.metadata, options: attempt.options)
        }
    }
}
