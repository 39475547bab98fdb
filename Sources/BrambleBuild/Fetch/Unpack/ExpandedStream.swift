import CLibArchive
import Glibc

/// The bytes of a file, decompressed if it is compressed with gzip, bzip2, xz or zstd.
///
/// Decompression is a stage of its own, before the archive is read, so that all its bytes pass through
/// our hands: libarchive by itself ends quietly where a tar file is cut between two members, and never
/// looks at what comes behind the end. It decompresses all but gzip, whose checksums it does not look at.
final class ExpandedStream {
    /// How many bytes have come out.
    private(set) var expandedBytes = 0
    /// How many bytes came before the last one that is not zero, it included.
    private(set) var contentBytes = 0
    /// Why reading failed; libarchive can't carry our errors.
    private(set) var failure: FetchError?

    private enum Source {
        case gzip(GzipStream)
        /// libarchive, decompressing only.
        case archive(OpaquePointer)
    }

    private let source: Source
    private var names = TarNameCheck()
    private let archiveBytes: Int
    private let limits: UnpackLimits
    private let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: ExpandedStream.bufferBytes, alignment: 16)

    /// A few compressed blocks; larger ones brought nothing.
    private static let bufferBytes = 128 << 10

    /// - Parameters:
    ///   - file: Stays open as long as the stream is in use.
    ///   - archiveBytes: The size of the file.
    init(_ file: Int32, archiveBytes: Int, limits: UnpackLimits) throws(FetchError) {
        self.archiveBytes = archiveBytes
        self.limits = limits
        if GzipStream.begins(file) {
            source = .gzip(GzipStream(file))
            return
        }
        let handle = archiveHandle()
        source = .archive(handle)
        archive_read_support_filter_bzip2(handle)
        archive_read_support_filter_xz(handle)
        archive_read_support_filter_zstd(handle)
        archive_read_support_format_raw(handle)
        var entry: OpaquePointer?
        guard archive_read_open_fd(handle, file, ExpandedStream.bufferBytes) == ARCHIVE_OK,
            archive_read_next_header(handle, &entry) == ARCHIVE_OK
        else { throw archiveFailure(handle) }
        // A filter for the file itself, and one for its compression.
        guard archive_filter_count(handle) <= 2 else {
            throw FetchError(.archive, "it is compressed more than once")
        }
    }

    deinit {
        if case .archive(let handle) = source { archive_read_free(handle) }
        buffer.deallocate()
    }

    /// The next bytes, valid until the next call; nil at the end or after a failure.
    func next() -> UnsafeRawBufferPointer? {
        guard failure == nil else { return nil }
        let count: Int
        do throws(FetchError) {
            count = try read()
        } catch {
            failure = error
            return nil
        }
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
        if let last = bytes.lastIndex(where: { $0 != 0 }) {
            contentBytes = expandedBytes + last + 1
        }
        expandedBytes += count
        do throws(FetchError) {
            try limits.check(unpackedBytes: expandedBytes, archiveBytes: archiveBytes)
            try names.feed(bytes)
        } catch {
            failure = error
            return nil
        }
        return count == 0 ? nil : bytes
    }

    private func read() throws(FetchError) -> Int {
        switch source {
        case .gzip(let stream): return try stream.read(into: buffer)
        case .archive(let handle):
            let count = archive_read_data(handle, buffer.baseAddress, buffer.count)
            guard count >= 0 else { throw archiveFailure(handle) }
            return count
        }
    }

    /// Reads to the end.
    ///
    /// - Throws: The data is damaged, or the file goes on behind its compressed data.
    func drain() throws(FetchError) {
        while next() != nil {}
        if let failure { throw failure }
        guard case .archive(let handle) = source else { return }
        // What was decompressed, of the file; the decompressor takes no more than it needs.
        guard archive_filter_bytes(handle, -1) == Int64(archiveBytes) else {
            throw FetchError(.archive, "it has other data behind its compressed data")
        }
    }
}

/// - Precondition: There is memory: libarchive has no other reason to give none.
func archiveHandle() -> OpaquePointer {
    guard let handle = archive_read_new() else { preconditionFailure("no memory for an archive") }
    return handle
}

/// What libarchive says of its last failure.
func archiveFailure(_ handle: OpaquePointer) -> FetchError {
    let text = archive_error_string(handle).map { String(cString: $0) } ?? "it cannot be read"
    let isOurs = archive_errno(handle) == EIO
    return FetchError(isOurs ? .files : .archive, "it is damaged or no archive: \(text)")
}
