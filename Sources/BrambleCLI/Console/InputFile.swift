import Bramble
import Glibc
import StarlarkConsole

/// A file that the command line names; `-` is standard input.
enum InputFile {
    static func read(_ path: String) throws(BrambleError) -> (name: String, bytes: [UInt8]) {
        do throws(FileFailure) {
            if path == "-" {
                let name = "standard input"
                return (name, try SourceReader.read(STDIN_FILENO, object: name).bytes)
            }
            return ("`\(path)`", try SourceReader.read(path).bytes)
        } catch {
            throw BrambleError(.files, "\(error)")
        }
    }

    /// Reads a file part by part.
    static func readParts(_ path: String, _ body: ([UInt8]) -> Void) throws(BrambleError) {
        let parts = try Parts(path)
        while true {
            let part = try parts.next(1 << 16)
            if part.isEmpty { return }
            body(part)
        }
    }

    /// A file that is read as it is needed; `-` is standard input.
    final class Parts: Sendable {
        private let descriptor: Int32
        private let name: String

        init(_ path: String) throws(BrambleError) {
            name = path == "-" ? "standard input" : "`\(path)`"
            descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw BrambleError(.files, "\(FileFailure("read", name, call: "open"))")
            }
        }

        deinit {
            if descriptor != STDIN_FILENO { close(descriptor) }
        }

        /// The next bytes, at most so many; none at the end.
        func next(_ limit: Int) throws(BrambleError) -> [UInt8] {
            var bytes = [UInt8](repeating: 0, count: limit)
            var count = -1
            repeat {
                count = Glibc.read(descriptor, &bytes, limit)
            } while count < 0 && errno == EINTR
            guard count >= 0 else {
                throw BrambleError(.files, "\(FileFailure("read", name, call: "read"))")
            }
            bytes.removeLast(limit - count)
            return bytes
        }
    }
}
