package import BrambleModel

/// Why something could not be fetched.
///
/// Nothing in it is secret: no credentials, no queries of URLs that a server redirected to.
package struct FetchError: Error {
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// Other bytes came than were expected.
        case hashMismatch
        /// The server has no such thing, or will not give it to us.
        case notFound, forbidden
        /// No connection, or one that broke, or a server that is out of order, even after all tries.
        case network
        /// The server answered what a fetch has no use for: a redirect in circles, a wrong range.
        case protocolViolation
        /// A size, a time, or a number of things went over a limit.
        case limit
        /// The network would be needed, and may not be used.
        case offline
        /// The archive is damaged, or holds what may not be unpacked.
        case archive
        /// The program `git` failed, or the commit is not what was pinned.
        case git
        /// A file of ours could not be read or written.
        case files
    }

    package let code: Code
    /// The operation, the object, the reason; without a full stop.
    package let message: String
    package let hint: String?
    /// What came in place of what was expected; only with `hashMismatch`.
    package let mismatch: HashMismatch?
    package let cause: (any Error)?

    package init(
        _ code: Code, _ message: String, hint: String? = nil, mismatch: HashMismatch? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.mismatch = mismatch
        self.cause = cause
    }

    /// The error as a build reports it.
    package var failure: BuildFailure {
        switch code {
        case .hashMismatch: BuildFailure(.hashMismatch, message, hint: hint)
        case .limit: BuildFailure(.limit, message, hint: hint)
        case .files: BuildFailure(.store, message, hint: hint)
        case .notFound, .forbidden, .network, .protocolViolation, .offline, .archive, .git:
            BuildFailure(.fetch, message, hint: hint)
        }
    }
}

extension FetchError: CustomStringConvertible {
    package var description: String { hint.map { "\(message)\nhint: \($0)" } ?? message }
}
