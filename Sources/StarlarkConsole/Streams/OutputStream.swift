import Glibc
import Synchronization

/// Standard output or standard error, with a buffer of our own.
///
/// `print` is called once a line; a system call for each would cost more than most lines take to make.
package final class OutputStream: Sendable {
    package let descriptor: Int32
    private let name: String
    /// Whether somebody waits for each line.
    package let isTerminal: Bool
    private let state = Mutex(State())

    private struct State {
        var buffer: [UInt8] = []
        var failure: FileFailure?
    }

    /// Why nothing can be written any more.
    package var failure: FileFailure? { state.withLock(\.failure) }

    /// As much as is worth a system call.
    private static let bufferSizeBytes = 1 << 15

    private init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
        isTerminal = isatty(descriptor) != 0
    }

    package static func standardOutput() -> OutputStream {
        OutputStream(descriptor: STDOUT_FILENO, name: "standard output")
    }

    /// A new file, or an old one that is overwritten.
    ///
    /// The file is closed when the process ends.
    package static func file(_ path: String) throws(FileFailure) -> OutputStream {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileFailure("write", "`\(path)`", call: "open") }
        return OutputStream(descriptor: descriptor, name: "`\(path)`")
    }

    package static func standardError() -> OutputStream {
        OutputStream(descriptor: STDERR_FILENO, name: "standard error")
    }

    /// Writes a text, sooner or later: see `flush`. After a failure, nothing is written any more.
    package func write(_ text: String) {
        var text = text
        text.withUTF8 { write($0) }
    }

    /// Writes bytes in the same way.
    package func write(_ bytes: [UInt8]) { bytes.withUnsafeBufferPointer { write($0) } }

    /// Many bytes are written without a copy.
    private func write(_ bytes: UnsafeBufferPointer<UInt8>) {
        state.withLock { state in
            guard bytes.count >= OutputStream.bufferSizeBytes else {
                state.buffer.append(contentsOf: bytes)
                if isTerminal || state.buffer.count >= OutputStream.bufferSizeBytes {
                    empty(&state)
                }
                return
            }
            empty(&state)
            if state.failure == nil { state.failure = writeAll(bytes) }
        }
    }

    /// Writes what is in the buffer.
    package func flush() { state.withLock { empty(&$0) } }

    private func empty(_ state: inout State) {
        if state.failure == nil {
            state.failure = state.buffer.withUnsafeBufferPointer { writeAll($0) }
        }
        state.buffer.removeAll(keepingCapacity: true)
    }

    private func writeAll(_ bytes: UnsafeBufferPointer<UInt8>) -> FileFailure? {
        guard let base = bytes.baseAddress else { return nil }
        var done = 0
        while done < bytes.count {
            let count = Glibc.write(descriptor, base + done, bytes.count - done)
            if count >= 0 {
                done += count
            } else if errno != EINTR {
                return FileFailure("write", name, call: "write")
            }
        }
        return nil
    }
}
