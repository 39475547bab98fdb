import Glibc

/// Reads program texts.
package enum SourceReader {
    /// The bytes of a file, and what tells the file from all others.
    package struct Contents {
        package var bytes: [UInt8]
        package var identity: FileIdentity
    }

    /// A file, whatever path leads to it.
    package struct FileIdentity: Hashable {
        var device: UInt
        var inode: UInt

        init(_ status: stat) {
            device = UInt(status.st_dev)
            inode = UInt(status.st_ino)
        }
    }

    package static func identity(of path: String) throws(FileFailure) -> FileIdentity {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw FileFailure("read", "`\(path)`", call: "stat")
        }
        return FileIdentity(status)
    }

    package static func read(_ path: String) throws(FileFailure) -> Contents {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFailure("read", "`\(path)`", call: "open") }
        defer { close(descriptor) }
        return try read(descriptor, object: "`\(path)`")
    }

    /// Reads from an open file until it ends.
    ///
    /// - Parameter object: What a message calls the file.
    package static func read(_ descriptor: Int32, object: String) throws(FileFailure) -> Contents {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw FileFailure("read", object, call: "fstat")
        }
        return Contents(
            bytes: try bytes(of: descriptor, expected: Int(status.st_size), object),
            identity: FileIdentity(status))
    }

    /// More than the parser takes, so that it can say so; files without end stop here.
    private static let maximumSizeBytes = (1 << 30) + 1

    /// - Parameter expected: The size; pipes and the like tell none.
    private static func bytes(
        of descriptor: Int32, expected: Int, _ object: String
    ) throws(FileFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        // One byte more than there are shows the end without a second allocation.
        var partSize = min(max(expected + 1, 4_096), maximumSizeBytes)
        while true {
            var errorNumber: Int32 = 0
            let part = [UInt8](unsafeUninitializedCapacity: partSize) { buffer, count in
                (count, errorNumber) = fill(buffer, from: descriptor)
            }
            guard errorNumber == 0 else {
                throw FileFailure("read", object, call: "read", number: errorNumber)
            }
            if bytes.isEmpty { bytes = part } else { bytes += part }
            if part.count < partSize || bytes.count >= maximumSizeBytes { return bytes }
            partSize = bytes.count
        }
    }

    /// Reads until the buffer is full or the file ends. The error number is 0 if nothing failed.
    private static func fill(
        _ buffer: UnsafeMutableBufferPointer<UInt8>, from descriptor: Int32
    ) -> (count: Int, errorNumber: Int32) {
        guard let base = buffer.baseAddress else { return (0, 0) }
        var count = 0
        while count < buffer.count {
            let step = Glibc.read(descriptor, base + count, buffer.count - count)
            if step == 0 { break }
            if step > 0 {
                count += step
            } else if errno != EINTR {
                return (count, errno)
            }
        }
        return (count, 0)
    }
}
