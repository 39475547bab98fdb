internal import BrambleModel
import Glibc

/// An open file descriptor, closed when it is of no use any more.
struct OpenFile: ~Copyable {
    let descriptor: Int32

    /// Takes over a descriptor.
    init(owning descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Opens a path.
    ///
    /// - Throws: What the kernel says, as code `files`.
    init(path: String, flags: Int32, mode: mode_t = 0) throws(FetchError) {
        let descriptor = open(path, flags | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw .systemCall("open", path) }
        self.init(owning: descriptor)
    }

    deinit {
        // Nothing can be done about a failure, and what must last was checked before.
        _ = close(descriptor)
    }

    /// Writes all bytes at the file's position.
    func write(_ bytes: UnsafeRawBufferPointer) throws(FetchError) {
        var rest = bytes
        while let start = rest.baseAddress, !rest.isEmpty {
            let count = Glibc.write(descriptor, start, rest.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw .systemCall("write", nil)
            }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
    }

    /// Writes all bytes at the file's position.
    func write(_ bytes: [UInt8]) throws(FetchError) {
        // Rethrown by hand: the compiler crashes where a closure throws our type to `withUnsafeBytes`.
        let outcome = bytes.withUnsafeBytes { bytes in
            Result { () throws(FetchError) in try self.write(bytes) }
        }
        try outcome.get()
    }

    /// Reads bytes at the file's position.
    ///
    /// - Returns: How many; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(FetchError) -> Int {
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            guard errno == EINTR else { throw .systemCall("read", nil) }
        }
    }

    /// What the kernel knows of the file.
    func status() throws(FetchError) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .systemCall("fstat", nil) }
        return status
    }
}

extension FetchError {
    /// A system call that failed just now: reads `errno`.
    static func systemCall(_ name: String, _ path: String?) -> FetchError {
        let number = errno
        let object = path.map { " \(quoted($0))" } ?? ""
        return FetchError(
            .files,
            "cannot \(name)\(object): \(String(cString: strerror(number))) (errno \(number))"
        )
    }
}
