import Bramble
import Glibc
import StarlarkConsole

/// A file that the command line has a result written to, in place of what was there.
final class OutputFile: Sendable {
    private let descriptor: Int32
    private let path: String

    init(_ path: String) throws(BrambleError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw OutputFile.failure(path, call: "open") }
    }

    deinit { close(descriptor) }

    /// Writes the whole file.
    static func write(_ bytes: [UInt8], to path: String) throws(BrambleError) {
        try OutputFile(path).write(bytes)
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
