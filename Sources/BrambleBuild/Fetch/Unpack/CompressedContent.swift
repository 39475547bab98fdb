import CLibArchive
import Glibc

/// Reads what is in compressed files and archives without unpacking them, for who looks for
/// something in it.
package enum CompressedContent {
    /// Expands a file that gzip, bzip2, xz or zstd has written, or the members of a zip or tar
    /// archive, whatever it is compressed with.
    ///
    /// - Parameters:
    ///   - path: Absolute.
    ///   - take: Gets the bytes in their order, with the name of the member that they are of; nil if
    ///     the file is no archive.
    /// - Returns: Whether it was read to its end: not if it is damaged, none of these, or expands to
    ///   more than an archive may.
    package static func read(
        _ path: String, _ take: (_ member: String?, _ bytes: UnsafeRawBufferPointer) -> Void
    ) -> Bool {
        let handle = archiveHandle()
        defer { archive_read_free(handle) }
        archive_read_support_filter_gzip(handle)
        archive_read_support_filter_bzip2(handle)
        archive_read_support_filter_xz(handle)
        archive_read_support_filter_zstd(handle)
        archive_read_support_format_zip(handle)
        archive_read_support_format_tar(handle)
        archive_read_support_format_raw(handle)
        archive_read_support_format_empty(handle)
        var status = stat()
        guard stat(path, &status) == 0,
            archive_read_open_filename(handle, path, blockBytes) == ARCHIVE_OK
        else { return false }
        return readMembers(handle, archiveBytes: Int(status.st_size), take)
    }

    private static let blockBytes = 128 << 10

    private static func readMembers(
        _ handle: OpaquePointer, archiveBytes: Int,
        _ take: (_ member: String?, _ bytes: UnsafeRawBufferPointer) -> Void
    ) -> Bool {
        var total = 0
        while true {
            var entry: OpaquePointer?
            let status = archive_read_next_header(handle, &entry)
            if status == ARCHIVE_EOF { return true }
            guard status == ARCHIVE_OK, let entry else { return false }
            let isArchive = archive_format(handle) != ARCHIVE_FORMAT_RAW
            let member = isArchive ? archive_entry_pathname(entry).map { String(cString: $0) } : nil
            var block: UnsafeRawPointer?
            var count = 0
            var offset: la_int64_t = 0
            var result = archive_read_data_block(handle, &block, &count, &offset)
            while result == ARCHIVE_OK {
                take(member, UnsafeRawBufferPointer(start: block, count: count))
                total += count
                do throws(FetchError) {
                    try UnpackLimits.standard.check(
                        unpackedBytes: total, archiveBytes: archiveBytes)
                } catch {
                    return false
                }
                result = archive_read_data_block(handle, &block, &count, &offset)
            }
            guard result == ARCHIVE_EOF else { return false }
        }
    }
}
