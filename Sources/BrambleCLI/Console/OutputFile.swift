import Bramble
import Glibc
import StarlarkConsole

/// A file that the command line has a result written to, in place of what was there.
final class OutputFile: Sendable {
    private let descriptor: Int32
    private let path: String

    convenience init(_ path: String) throws(BrambleError) {
        try self.init(path, O_TRUNC, mode: 0o644)
    }

    private init(_ path: String, _ flags: Int32, mode: mode_t) throws(BrambleError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode)
        guard descriptor >= 0 else { throw OutputFile.failure(path, call: "open") }
    }

    deinit { close(descriptor) }

    /// Writes the whole file.
    static func write(_ bytes: [UInt8], to path: String) throws(BrambleError) {
        try OutputFile(path).write(bytes)
    }

    /// Writes a new file that nobody else may read.
    ///
    /// - Throws: `wouldChange` if something is there.
    static func writeSecret(_ bytes: [UInt8], to path: String) throws(BrambleError) {
        var status = stat()
        guard lstat(path, &status) != 0 else {
            throw BrambleError(
                .wouldChange, "`\(path)` is there already", hint: "name another file")
        }
        try OutputFile(path, O_EXCL | O_NOFOLLOW, mode: 0o600).write(bytes)
    }

    func write(_ bytes: [UInt8]) throws(BrambleError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw OutputFile.failure(path, call: "write") }
            rest = rest.dropFirst(count)
        }
    }

    private static func failure(_ path: String, call: String) -> BrambleError {
        BrambleError(.files, "\(FileFailure("write", "`\(path)`", call: call))")
    }
}
