internal import BrambleREAPI
internal import GRPCCore
internal import SwiftProtobuf

/// gRPC's reflection protocol as it was before its version 1, which most tools still speak: what services there are and what their messages look like.
struct AlphaReflectionHandler: Grpc_Reflection_V1alpha_ServerReflection.SimpleServiceProtocol {
    /// By their whole names.
    let services: [String]
    let files: ProtocolFiles

    func serverReflectionInfo(
        request: RPCAsyncSequence<Grpc_Reflection_V1alpha_ServerReflectionRequest, any Error>,
        response: RPCWriter<Grpc_Reflection_V1alpha_ServerReflectionResponse>,
        context: ServerContext
    ) async throws {
        for try await question in request {
            var answer = Grpc_Reflection_V1alpha_ServerReflectionResponse()
            answer.validHost = question.host
            answer.originalRequest = question
            answer.messageResponse = self.answer(to: question)
            try await response.write(answer)
        }
    }

    private func answer(
        to question: Grpc_Reflection_V1alpha_ServerReflectionRequest
    ) -> Grpc_Reflection_V1alpha_ServerReflectionResponse.OneOf_MessageResponse {
        switch question.messageRequest {
        case .listServices:
            return .listServicesResponse(
                .with { $0.service = services.map { name in .with { $0.name = name } } })
        case .fileByFilename(let name):
            if let files = files.named(name) {
                return .fileDescriptorResponse(.with { $0.fileDescriptorProto = files })
            }
            return AlphaReflectionHandler.notFound("there is no file `\(name.prefix(200))`")
        case .fileContainingSymbol(let name):
            if let files = files.defining(name) {
                return .fileDescriptorResponse(.with { $0.fileDescriptorProto = files })
            }
            return AlphaReflectionHandler.notFound("nothing is named `\(name.prefix(200))`")
        case .fileContainingExtension, .allExtensionNumbersOfType:
            return AlphaReflectionHandler.notFound("the protocols have no extensions")
        case nil:
            return .errorResponse(
                .with {
                    $0.errorCode = Int32(RPCError.Code.invalidArgument.rawValue)
                    $0.errorMessage = "the request asks nothing"
                })
        }
    }

    private static func notFound(
        _ text: String
    ) -> Grpc_Reflection_V1alpha_ServerReflectionResponse.OneOf_MessageResponse {
        .errorResponse(
            .with {
                $0.errorCode = Int32(RPCError.Code.notFound.rawValue)
                $0.errorMessage = text
            })
    }
}
