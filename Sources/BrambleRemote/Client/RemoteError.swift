package import BrambleStore
import GRPCCore
import NIOSSL

/// Why another machine did not do what it was asked to.
package struct RemoteError: Error, Sendable {
    package enum Code: String, Sendable, CaseIterable {
        /// Nobody answers, or not in time.
        case unreachable
        /// Who we are is not known, or not allowed to do this.
        case forbidden
        case notFound
        /// The request is of no use in the state that things are in: contents are missing.
        case precondition
        /// The other side does not know the call.
        case unsupported
        /// What came is not what its digest says, or breaks the protocol.
        case corrupt
        /// The work ran longer than it may.
        case timeout
        /// The other side calls the request wrong; for contents: not what their digest says.
        case invalid
        /// The other side failed, and says so.
        case failed
        /// Somebody here stopped it, or this machine's store has failed: `cause`.
        case local
    }

    package let code: Code
    /// The operation, the object, the reason; without a full stop.
    package let message: String
    /// How long the other side asks to be left alone.
    package let retryAfter: Duration?
    /// Of what is `local`.
    package let cause: StoreError?

    package init(_ code: Code, _ message: String, retryAfter: Duration? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
        cause = nil
    }

    init(local cause: StoreError) {
        code = .local
        message = cause.message
        retryAfter = nil
        self.cause = cause
    }
}

extension RemoteError: CustomStringConvertible {
    package var description: String { message }
}

extension StoreError {
    /// A failure of another machine, as one of the store that is there.
    init(_ error: RemoteError) {
        if let cause = error.cause {
            self = cause
            return
        }
        let code: Code =
            switch error.code {
            case .unreachable, .failed, .timeout, .unsupported, .local: .unreachable
            case .forbidden: .forbidden
            case .notFound, .precondition: .notFound
            case .corrupt, .invalid: .corrupt
            }
        self.init(code, error.message)
    }
}

extension RemoteError {
    /// - Parameter operation: What was tried: "cannot read a blob from `grpc://…`".
    init(_ error: RPCError, during operation: String) {
        let code: Code =
            switch error.code {
            case .unavailable, .aborted, .resourceExhausted: .unreachable
            case .deadlineExceeded: .timeout
            case .unauthenticated, .permissionDenied: .forbidden
            case .notFound: .notFound
            case .failedPrecondition: .precondition
            case .unimplemented: .unsupported
            case .dataLoss: .corrupt
            case .invalidArgument, .outOfRange: .invalid
            default: .failed
            }
        self.init(
            code, "\(operation): \(RemoteError.reason(error))",
            retryAfter: RetryAdvice(error).delay)
    }

    /// What the other side says, or that there is none: what the library says of its own connections is
    /// for who wrote it.
    private static func reason(_ error: RPCError) -> String {
        if error.code == .unavailable, error.message.hasPrefix("Channel ") {
            return failedTLS(error).map { "TLS fails: \($0)" } ?? "nobody answers there"
        }
        return error.message.isEmpty ? "\(error.code)" : error.message
    }

    /// What is wrong with TLS, if that is why there is no connection.
    private static func failedTLS(_ error: RPCError) -> String? {
        var cause = error.cause
        while let inner = (cause as? RPCError)?.cause ?? (cause as? RuntimeError)?.cause {
            cause = inner
        }
        switch cause {
        case let cause as NIOSSLExtraError: return "\(cause)"
        case let cause as NIOSSLError: return reasonOfTLS("\(cause)")
        case let cause as BoringSSLError: return reasonOfTLS("\(cause)")
        default: return nil
        }
    }

    /// - Parameter text: What the library says, with the names that BoringSSL has for its reasons.
    private static func reasonOfTLS(_ text: String) -> String {
        let reasons = [
            "CERTIFICATE_VERIFY_FAILED":
                "nobody who is trusted here vouches for its certificate; `ca_file` says whom to trust",
            "ALERT_CERTIFICATE_REQUIRED":
                "it wants to see a certificate of ours: `certificate_file` and `key_file`",
            "ALERT_UNKNOWN_CA": "it does not trust who vouches for our certificate",
            "ALERT_CERTIFICATE_EXPIRED": "our certificate has ended",
        ]
        return reasons.first { text.contains($0.key) }?.value ?? text
    }
}
