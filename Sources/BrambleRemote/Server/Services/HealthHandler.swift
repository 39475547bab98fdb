internal import BrambleREAPI
internal import GRPCCore
internal import SwiftProtobuf

/// gRPC's health checking protocol: whether the server, or one of its services, can be used.
struct HealthHandler: Grpc_Health_V1_Health.SimpleServiceProtocol {
    /// By their whole names.
    let services: Set<String>

    func check(
        request: Grpc_Health_V1_HealthCheckRequest, context: ServerContext
    ) async throws -> Grpc_Health_V1_HealthCheckResponse {
        guard isKnown(request.service) else {
            throw RequestError(
                .notFound, "there is no service `\(request.service.prefix(200))`")
        }
        return .with { $0.status = .serving }
    }

    func watch(
        request: Grpc_Health_V1_HealthCheckRequest,
        response: RPCWriter<Grpc_Health_V1_HealthCheckResponse>, context: ServerContext
    ) async throws {
        try await response.write(
            .with { $0.status = isKnown(request.service) ? .serving : .serviceUnknown })
        // Services neither come nor go: what changes is that the whole server does.
        try await context.cancellation.cancelled
    }

    private func isKnown(_ service: String) -> Bool {
        service.isEmpty || services.contains(service)
    }
}
