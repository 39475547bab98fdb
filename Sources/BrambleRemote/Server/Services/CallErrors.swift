internal import BrambleModel
internal import BrambleREAPI
package import GRPCCore
internal import GRPCProtobuf
internal import SwiftProtobuf

extension CacheError: RPCErrorConvertible {
    package var rpcErrorCode: RPCError.Code {
        switch code {
        case .notFound: .notFound
        case .malformed: .invalidArgument
        case .noRoom, .quota: .resourceExhausted
        case .damaged: .dataLoss
        case .files: .internalError
        }
    }

    package var rpcErrorMessage: String { message }

    package var rpcErrorMetadata: Metadata {
        guard case .quota(let delay) = code else { return [:] }
        return GoogleRPCStatus(
            code: rpcErrorCode, message: message, details: .retryInfo(delay: delay)
        ).rpcErrorMetadata
    }

    /// The same as part of an answer.
    var status: Google_Rpc_Status {
        Google_Rpc_Status.with {
            $0.code = Int32(rpcErrorCode.rawValue)
            $0.message = message
        }
    }
}

extension CompressionError: RPCErrorConvertible {
    package var rpcErrorCode: RPCError.Code { .invalidArgument }
    package var rpcErrorMessage: String { message }
}

/// What is wrong with a request.
struct RequestError: Error, RPCErrorConvertible {
    let rpcErrorCode: RPCError.Code
    let rpcErrorMessage: String

    init(_ code: RPCError.Code, _ message: String) {
        rpcErrorCode = code
        rpcErrorMessage = message
    }
}

/// What cannot be done as blobs are missing (REAPI v2, `Execution.Execute`): which, so that the client uploads
/// them and asks again.
struct MissingBlobs: Error, RPCErrorConvertible {
    let digests: [Digest]

    /// More are not listed: the client finds them when it asks again.
    private static let maximumListed = 1000

    var rpcErrorCode: RPCError.Code { .failedPrecondition }

    var rpcErrorMessage: String {
        let first = digests.first.map { ", first of all `\($0)`" } ?? ""
        return "\(digests.count) blobs are missing\(first)"
    }

    var rpcErrorMetadata: Metadata {
        let violations = digests.prefix(MissingBlobs.maximumListed).map {
            ErrorDetails.PreconditionFailure.Violation(
                type: "MISSING", subject: "blobs/\($0)", description: "")
        }
        return GoogleRPCStatus(
            code: rpcErrorCode, message: rpcErrorMessage,
            details: .preconditionFailure(violations: violations)
        ).rpcErrorMetadata
    }

    /// The same as part of an answer.
    var status: Google_Rpc_Status {
        Google_Rpc_Status.with { status in
            status.code = Int32(rpcErrorCode.rawValue)
            status.message = rpcErrorMessage
            let failure = Google_Rpc_PreconditionFailure.with { failure in
                failure.violations = digests.prefix(MissingBlobs.maximumListed).map { digest in
                    Google_Rpc_PreconditionFailure.Violation.with {
                        $0.type = "MISSING"
                        $0.subject = "blobs/\(digest)"
                    }
                }
            }
            // It fails for messages with required fields only, and this has none.
            status.details = (try? [Google_Protobuf_Any(message: failure)]) ?? []
        }
    }
}

extension Digest {
    /// The digest of a request.
    init(required message: DigestMessage, _ what: String) throws {
        guard let digest = Digest(message) else {
            throw RequestError(
                .invalidArgument,
                "the digest of \(what), `\(message.hash.prefix(100))/\(message.sizeBytes)`, is none: "
                    + "write a SHA-256 in lower-case hexadecimal digits, and a size")
        }
        self = digest
    }
}
