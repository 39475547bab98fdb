import BrambleModel
import BrambleREAPI
import GRPCCore
import SwiftProtobuf
import Synchronization

/// Runs actions on an engine (REAPI v2, `Execution`): asks for one, follows it, and takes the stream up
/// again where it broke off.
struct RemoteExecution: Sendable {
    let connection: RemoteConnection

    private var service: ExecutionService.Client<Transport> {
        ExecutionService.Client(wrapping: connection.client)
    }

    /// How long to follow an action that has no limit of its own: longer than any build, so that an
    /// engine that has lost it is noticed some day.
    private static let longest = Duration.seconds(86_400)
    /// What an engine may need beside the action itself: a queue, the way of inputs.
    private static let overhead = Duration.seconds(3_600)

    /// Under which the engine knows an action that it runs; nil until it has said so.
    private final class OperationName: Sendable {
        private let state = Mutex<String?>(nil)

        var text: String? {
            get { state.withLock { $0 } }
            set { state.withLock { $0 = newValue } }
        }
    }

    /// - Parameters:
    ///   - isFresh: Whether no earlier result will do.
    ///   - timeout: That of the action.
    /// - Throws: Also what the engine says of the action: `precondition`, `notFound` or `failed` if contents
    ///   are missing, which depends on the engine; `timeout`.
    func run(
        _ action: Digest, isFresh: Bool, timeout: Duration?
    ) async throws(RemoteError) -> ActionResultMessage {
        let name = OperationName()
        var request = Build_Bazel_Remote_Execution_V2_ExecuteRequest()
        request.instanceName = connection.endpoint.instance
        request.actionDigest = DigestMessage(action)
        request.skipCacheLookup = isFresh
        let message = request
        let limit = timeout.map { $0 + RemoteExecution.overhead } ?? RemoteExecution.longest
        let response: Build_Bazel_Remote_Execution_V2_ExecuteResponse
        do throws(RemoteError) {
            response = try await connection.call(
                "run an action", timeout: limit, action: action
            ) { attempt in
                if name.text != nil { return try await wait(for: name, attempt) }
                return try await service.execute(
                    message, metadata: attempt.metadata, options: attempt.options
                ) { response in
                    try await follow(response, name)
                }
            }
        } catch {
            if Task.isCancelled, let operation = name.text { await cancel(operation) }
            throw error
        }
        guard response.status.code == 0 else { throw failure(response.status) }
        return response.result
    }

    /// Who stops a build waits for this long at most.
    private static let cancelTimeout = Duration.milliseconds(700)

    /// Tells the engine that nobody waits for an action any more.
    private func cancel(_ operation: String) async {
        let connection = connection
        let service = Google_Longrunning_Operations.Client(wrapping: connection.client)
        var request = Google_Longrunning_CancelOperationRequest()
        request.name = operation
        let message = request
        // A task that is cancelled makes no calls; another one can, and is waited for. Whether it works is
        // not of interest: engines that do not know the call let the action run to its end.
        _ = await Task {
            let attempt = try await connection.attempt(RemoteExecution.cancelTimeout, nil)
            _ = try await service.cancelOperation(
                message, metadata: attempt.metadata, options: attempt.options)
        }.result
    }

    private func wait(
        for name: OperationName, _ attempt: RemoteConnection.Attempt
    ) async throws -> Build_Bazel_Remote_Execution_V2_ExecuteResponse {
        var request = Build_Bazel_Remote_Execution_V2_WaitExecutionRequest()
        request.name = name.text ?? ""
        do {
            return try await service.waitExecution(
                request, metadata: attempt.metadata, options: attempt.options
            ) { response in
                try await follow(response, name)
            }
        } catch let error as RPCError where [.notFound, .unimplemented].contains(error.code) {
            // The engine has forgotten it; so it is asked for anew.
            name.text = nil
            throw RemoteError(.unreachable, "the engine has forgotten an action")
        }
    }

    /// Reads a stream of news to its end.
    private func follow(
        _ response: StreamingClientResponse<OperationMessage>, _ name: OperationName
    ) async throws -> Build_Bazel_Remote_Execution_V2_ExecuteResponse {
        for try await operation in response.messages {
            connection.noteAnswer()
            if !operation.name.isEmpty { name.text = operation.name }
            guard operation.done else { continue }
            switch operation.result {
            case .response(let any)?:
                return try Build_Bazel_Remote_Execution_V2_ExecuteResponse(unpackingAny: any)
            case .error(let status)?:
                var response = Build_Bazel_Remote_Execution_V2_ExecuteResponse()
                response.status = status
                return response
            case nil: throw RemoteError(.failed, "the engine has ended an action without a result")
            }
        }
        throw RemoteError(.unreachable, "the engine has ended a stream early")
    }

    private func failure(_ status: Google_Rpc_Status) -> RemoteError {
        let code = Status.Code(rawValue: Int(status.code)).flatMap { RPCError.Code($0) }
        return RemoteError(
            RPCError(code: code ?? .unknown, message: status.message),
            during: "cannot run an action at `\(connection.endpoint)`")
    }
}
