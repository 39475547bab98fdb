import Glibc

/// A file could not be read or written.
package struct FileFailure: Error, CustomStringConvertible {
    /// What was attempted, such as `read`.
    package let operation: String
    /// A path in backticks, or what else is read and written.
    package let object: String
    /// The system call that failed, and its error number.
    package let call: String
    package let number: Int32

    /// - Parameters:
    ///   - object: A path in backticks, or what else is read and written.
    ///   - call: The system call that has just failed.
    package init(_ operation: String, _ object: String, call: String, number: Int32 = errno) {
        self.operation = operation
        self.object = object
        self.call = call
        self.number = number
    }

    /// Whether nobody reads any more what is written.
    package var isBrokenPipe: Bool { number == EPIPE }

    package var description: String {
        // The text of strerror_r, unlike that of strerror, is not shared between threads.
        let reason = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            buffer.initialize(repeating: 0)
            guard let base = buffer.baseAddress, strerror_r(number, base, buffer.count) == 0 else {
                return "error \(number)"
            }
            return String(cString: base)
        }
        return "cannot \(operation) \(object): \(reason) (\(call))"
    }
}
