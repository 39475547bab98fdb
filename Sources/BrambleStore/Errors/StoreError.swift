/// Why the store could not do what it was asked to.
package struct StoreError: Error, Sendable {
    /// What kind of failure it is; callers decide by it, people read `message`.
    package enum Code: String, Sendable, CaseIterable {
        /// A system call failed; `cause` is a `SystemCallFailure`.
        case system
        /// The index could not be read or written.
        case database
        /// The index is gone or cannot be read, and there are objects that it should know:
        /// `reindex` makes it anew from them.
        case indexLost
        /// Something in the store, or something brought to it, is not what its digest says.
        case corrupt
        /// What was asked for is not in the store.
        case notFound
        /// A tree holds what no object can: a device, a name that is not UTF-8.
        case unsupported
        /// Outputs of one derivation refer to each other in a circle.
        case cycle
        /// The folder is not a store, or a store of another version.
        case incompatible
        /// A text or a file that was handed in breaks its format.
        case malformed
        /// The store is on another machine, which does not answer.
        case unreachable
        /// The store is on another machine, which does not allow it.
        case forbidden
    }

    package let code: Code
    /// The operation, the object, the reason; without a full stop.
    package let message: String
    package let cause: (any Error & Sendable)?

    package init(_ code: Code, _ message: String, cause: (any Error & Sendable)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The number of the failed system call's error; nil for other failures.
    package var errorNumber: Int32? { (cause as? SystemCallFailure)?.number }

    /// The same failure, told as part of a larger operation: "cannot add `src`".
    func during(_ operation: String) -> StoreError {
        StoreError(code, "\(operation): \(message)", cause: cause)
    }
}

extension StoreError: CustomStringConvertible {
    package var description: String { message }
}
