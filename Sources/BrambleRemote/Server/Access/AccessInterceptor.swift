internal import GRPCCore
internal import SwiftProtobuf

/// Looks at each call before anybody else does: who makes it, and whether it may.
struct AccessInterceptor: ServerInterceptor {
    let rules: AccessRules

    func intercept<Input: Sendable, Output: Sendable>(
        request: StreamingServerRequest<Input>, context: ServerContext,
        next:
            @concurrent @Sendable (StreamingServerRequest<Input>, ServerContext) async throws ->
            StreamingServerResponse<Output>
    ) async throws -> StreamingServerResponse<Output> {
        guard let needed = AccessRules.roles(for: context.descriptor) else {
            return try await next(request, context)
        }
        let caller: Caller?
        do throws(AccessRules.Refusal) {
            caller = try rules.check(
                authorization: request.metadata[stringValues: "authorization"].first { _ in true },
                needed: needed)
        } catch {
            switch error {
            case .unknownCaller(let text): throw RequestError(.unauthenticated, text)
            case .forbidden(let text): throw RequestError(.permissionDenied, text)
            }
        }
        return try await Caller.$current.withValue(caller ?? Caller(peer: context.remotePeer)) {
            try await next(request, context)
        }
    }
}
