internal import BrambleREAPI
internal import GRPCCore
internal import SwiftProtobuf

/// `google.longrunning.Operations`: what executions there are, and ending them.
struct OperationsHandler: Google_Longrunning_Operations.SimpleServiceProtocol {
    let queue: ExecutionQueue

    /// How many are listed at once.
    private static let pageCount = 1000

    func listOperations(
        request: Google_Longrunning_ListOperationsRequest, context: ServerContext
    ) async throws -> Google_Longrunning_ListOperationsResponse {
        let rest = queue.all.drop { $0.name <= request.pageToken }
        let limit = request.pageSize > 0 ? Int(request.pageSize) : OperationsHandler.pageCount
        let page = rest.prefix(min(limit, OperationsHandler.pageCount))
        return .with {
            $0.operations = page.map(\.message)
            if page.count < rest.count { $0.nextPageToken = page.last?.name ?? "" }
        }
    }

    func getOperation(
        request: Google_Longrunning_GetOperationRequest, context: ServerContext
    ) async throws -> OperationMessage {
        try find(request.name).message
    }

    func deleteOperation(
        request: Google_Longrunning_DeleteOperationRequest, context: ServerContext
    ) async throws -> Google_Protobuf_Empty {
        throw RequestError(
            .unimplemented,
            "operations are forgotten when they have ended: CancelOperation ends them")
    }

    func cancelOperation(
        request: Google_Longrunning_CancelOperationRequest, context: ServerContext
    ) async throws -> Google_Protobuf_Empty {
        try find(request.name).cancel()
        return Google_Protobuf_Empty()
    }

    private func find(_ name: String) throws -> RunningOperation {
        guard let operation = queue.find(name) else {
            throw RequestError(.notFound, "there is no operation `\(name.prefix(200))`")
        }
        return operation
    }
}
