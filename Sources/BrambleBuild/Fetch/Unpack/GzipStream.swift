import CLibArchive
import Glibc

/// The content of a gzip file (RFC 1952): one or more members, with their checksums and lengths checked.
final class GzipStream {
    private let file: Int32
    private var stream = z_stream()
    private let input = UnsafeMutablePointer<UInt8>.allocate(capacity: GzipStream.inputBytes)
    /// Whether the member that began has not ended yet.
    private var isInMember = true

    private static let inputBytes = 128 << 10
    private static let magic: [UInt8] = [0x1F, 0x8B]

    /// Whether a file begins as gzip files do.
    static func begins(_ file: Int32) -> Bool {
        var bytes: [UInt8] = [0, 0]
        return pread(file, &bytes, 2, 0) == 2 && bytes == magic
    }

    /// - Parameter file: Open at its start, and so as long as the stream is in use.
    init(_ file: Int32) {
        self.file = file
        // The largest window, and 16 for gzip's own header (zlib.h, `inflateInit2`).
        let status = inflateInit2_(
            &stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib is of another version, or there is no memory")
    }

    deinit {
        inflateEnd(&stream)
        input.deallocate()
    }

    /// Reads the next bytes.
    ///
    /// - Returns: How many; 0 at the end of the file.
    /// - Throws: The file is damaged, is cut off, or has something else behind a member.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(FetchError) -> Int {
        stream.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.avail_out = UInt32(buffer.count)
        while stream.avail_out == UInt32(buffer.count) {
            if stream.avail_in == 0, try fill() == 0 {
                guard isInMember else { return 0 }
                throw FetchError(.archive, "it is damaged or no archive: truncated gzip input")
            }
            if !isInMember { try beginMember() }
            switch inflate(&stream, Z_NO_FLUSH) {
            case Z_OK, Z_BUF_ERROR: continue
            case Z_STREAM_END: isInMember = false
            default:
                let reason = stream.msg.map { String(cString: $0) } ?? "invalid data"
                throw FetchError(.archive, "it is damaged or no archive: gzip: \(reason)")
            }
        }
        return buffer.count - Int(stream.avail_out)
    }

    private func fill() throws(FetchError) -> Int {
        var count = -1
        repeat {
            count = Glibc.read(file, input, GzipStream.inputBytes)
        } while count < 0 && errno == EINTR
        guard count >= 0 else { throw .systemCall("read", nil) }
        stream.next_in = input
        stream.avail_in = UInt32(count)
        return count
    }

    private func beginMember() throws(FetchError) {
        guard stream.next_in.pointee == GzipStream.magic[0], inflateReset(&stream) == Z_OK else {
            throw FetchError(.archive, "it has other data behind its compressed data")
        }
        isInMember = true
    }
}
