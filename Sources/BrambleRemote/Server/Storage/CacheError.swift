internal import Glibc

/// Why the server's storage could not do what it was asked to.
package struct CacheError: Error, Sendable, Hashable {
    package enum Code: Sendable {
        /// What was asked for is not there.
        case notFound
        /// What came is not what it was said to be, or makes no sense.
        case malformed
        /// What came does not fit: one content larger than all there may be, or too much at once.
        case noRoom
        /// The client has uploaded as much as it may for now.
        case quota(retryAfter: Duration)
        /// Something stored is damaged.
        case damaged
        /// The disk, or the folder, cannot be used.
        case files
    }

    package let code: Code
    /// The operation, the object, the reason; without a full stop.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// A system call that failed just now: reads `errno`.
    init(call: String, path: String) {
        let number = errno
        let reason = String(cString: strerror(number))
        let isFull = number == ENOSPC || number == EDQUOT
        self.init(isFull ? .noRoom : .files, "\(call) `\(path)`: \(reason) (errno \(number))")
    }
}

extension CacheError.Code: Hashable {}

extension CacheError: CustomStringConvertible {
    package var description: String { message }
}
