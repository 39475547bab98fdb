internal import Glibc

/// A system call that failed: which, on what, and why.
package struct SystemCallFailure: Error, Equatable, Sendable {
    package let call: String
    package let path: String
    /// As in man 3 errno.
    package let number: Int32

    package init(call: String, path: String, number: Int32) {
        self.call = call
        self.path = path
        self.number = number
    }
}

extension SystemCallFailure: CustomStringConvertible {
    package var description: String {
        "\(call) `\(path)`: \(String(cString: strerror(number))) (errno \(number))"
    }
}

extension StoreError {
    package init(call: String, path: String, number: Int32) {
        let failure = SystemCallFailure(call: call, path: path, number: number)
        self.init(.system, failure.description, cause: failure)
    }
}
