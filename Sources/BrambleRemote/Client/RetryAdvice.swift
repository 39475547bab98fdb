import BrambleREAPI
import GRPCCore
import SwiftProtobuf

/// What a failed call says about trying again: the detail `google.rpc.RetryInfo` of its status, or
/// the header `retry-after` that proxies put in front of engines add (RFC 9110, 10.2.3; seconds
/// only).
struct RetryAdvice {
    /// nil if it says nothing.
    let delay: Duration?

    /// More is a way of saying no: ten minutes.
    private static let maximumSeconds: Int64 = 600

    init(_ error: RPCError) {
        let details = error.metadata[binaryValues: "grpc-status-details-bin"].first { _ in true }
        if let details, let delay = RetryAdvice.delay(in: details) {
            self.delay = delay
        } else if let text = error.metadata[stringValues: "retry-after"].first(where: { _ in true }
        ),
            let seconds = Int64(text), seconds >= 0
        {
            delay = .seconds(min(seconds, RetryAdvice.maximumSeconds))
        } else {
            delay = nil
        }
    }

    private static func delay(in details: [UInt8]) -> Duration? {
        // What cannot be read gives no advice.
        guard let status = try? Google_Rpc_Status(serializedBytes: details) else { return nil }
        for detail in status.details where detail.isA(Google_Rpc_RetryInfo.self) {
            guard let info = try? Google_Rpc_RetryInfo(unpackingAny: detail) else { continue }
            let (seconds, nanoseconds) = (info.retryDelay.seconds, info.retryDelay.nanos)
            guard seconds >= 0, nanoseconds >= 0 else { continue }
            return .seconds(min(seconds, maximumSeconds)) + .nanoseconds(Int64(nanoseconds))
        }
        return nil
    }
}
