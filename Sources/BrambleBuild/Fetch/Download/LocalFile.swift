internal import BrambleModel
import Glibc

/// Copies files that file URLs name. Blocks.
enum LocalFile {
    private static let blockBytes = 1 << 20

    /// Reads a file into one that is being fetched.
    ///
    /// - Throws: `FetchError`, whose message is to be put behind "cannot fetch …: "; `CancellationError`.
    static func read(
        _ path: String, into target: PartialFile, limits: FetchLimits, progress: FetchProgress,
        isCancelled: @Sendable () -> Bool
    ) throws {
        // A fifo would make `open` wait for somebody to write.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            guard errno == ENOENT || errno == ENOTDIR else {
                throw FetchError.systemCall("open", path)
            }
            throw FetchError(.notFound, "there is no file \(quoted(path))")
        }
        let file = OpenFile(owning: descriptor)
        let status = try file.status()
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FetchError(.files, "\(quoted(path)) is no regular file")
        }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: blockBytes, alignment: 16)
        defer { buffer.deallocate() }
        while case let count = try file.read(into: buffer), count > 0 {
            if isCancelled() { throw CancellationError() }
            guard target.sizeBytes + count <= limits.fileBytes else {
                throw FetchError(.limit, "it is larger than \(limits.fileBytes) bytes")
            }
            try target.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            progress(target.sizeBytes, Int(status.st_size))
        }
    }

    /// Copies a file to a new one.
    static func copy(_ path: String, to target: String, mode: mode_t) throws(FetchError) {
        let source = try OpenFile(path: path, flags: O_RDONLY)
        let copy = try OpenFile(
            path: target, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: blockBytes, alignment: 16)
        defer { buffer.deallocate() }
        do throws(FetchError) {
            while case let count = try source.read(into: buffer), count > 0 {
                try copy.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
            guard fchmod(copy.descriptor, mode) == 0 else { throw .systemCall("fchmod", target) }
        } catch {
            unlink(target)
            throw error
        }
    }
}
