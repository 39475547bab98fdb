import Glibc

/// Standard output or standard error, with a buffer of our own.
///
/// `print` is called once a line; a system call for each would cost more than most lines take to make.
final class OutputStream {
    private let descriptor: Int32
    private let name: String
    /// Whether somebody waits for each line.
    private let isTerminal: Bool
    private var buffer: [UInt8] = []
    /// Why nothing can be written any more.
    private(set) var failure: FileFailure?

    /// As much as is worth a system call.
    private static let bufferSizeBytes = 1 << 15

    private init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
        isTerminal = isatty(descriptor) != 0
    }

    static func standardOutput() -> OutputStream {
        OutputStream(descriptor: STDOUT_FILENO, name: "standard output")
    }

    static func standardError() -> OutputStream {
        OutputStream(descriptor: STDERR_FILENO, name: "standard error")
    }

    /// Writes a text, sooner or later: see `flush`. After a failure, nothing is written any more.
    func write(_ text: String) {
        var text = text
        text.withUTF8 { buffer.append(contentsOf: $0) }
        if isTerminal || buffer.count >= OutputStream.bufferSizeBytes { flush() }
    }

    /// Writes what is in the buffer.
    func flush() {
        guard failure == nil else { return buffer.removeAll() }
        buffer.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            var done = 0
            while done < bytes.count {
                let count = Glibc.write(descriptor, base + done, bytes.count - done)
                if count >= 0 {
                    done += count
                } else if errno != EINTR {
                    failure = FileFailure("write", name, call: "write")
                    return
                }
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
