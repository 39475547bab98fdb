internal import BrambleModel
import CLibArchive
import Glibc

/// Reads an archive, member after member: a tar file, perhaps compressed, or a zip file.
///
/// Which it is, the first bytes say. libarchive parses; what it hands out is checked here and by
/// whoever writes. Its own writing to disk is not used: its secure flags
/// (`ARCHIVE_EXTRACT_SECURE_NODOTDOT` and the like) check names of the current directory, which is one
/// for all threads; `TreeWriter` works below a directory's descriptor and refuses all that they do.
final class ArchiveReader {
    private let handle: OpaquePointer
    /// The decompressed bytes of a tar file; nil for zip.
    private let stream: ExpandedStream?
    private let archiveBytes: Int
    private let limits: UnpackLimits
    private let stripComponents: Int
    private var entry: OpaquePointer?
    private var entryCount = 0
    private var unpackedBytes = 0
    /// What is still to come of the member's data, by its header; nil if it does not say.
    private var missingBytes: Int?

    /// - Parameter file: The archive, open at its start, and so as long as the reader is in use.
    init(
        _ file: borrowing OpenFile, stripComponents: Int, limits: UnpackLimits
    ) throws(FetchError) {
        archiveBytes = Int(try file.status().st_size)
        self.limits = limits
        self.stripComponents = stripComponents
        guard archiveBytes > 0 else { throw FetchError(.archive, "it is empty") }
        var magic: UInt32 = 0
        let isZip =
            pread(file.descriptor, &magic, 4, 0) == 4
            && ArchiveReader.zipMagic.contains(UInt32(littleEndian: magic))
        stream =
            isZip
            ? nil
            : try ExpandedStream(file.descriptor, archiveBytes: archiveBytes, limits: limits)
        handle = archiveHandle()
        if isZip { try ZipNameCheck.check(file.descriptor, archiveBytes: archiveBytes) }
        try open(file.descriptor)
    }

    deinit {
        archive_read_free(handle)
    }

    /// A member's header, and the end of an archive without members (APPNOTE.TXT 4.3.7, 4.3.16).
    private static let zipMagic: [UInt32] = [0x0403_4B50, 0x0605_4B50]

    private func open(_ file: Int32) throws(FetchError) {
        let status: Int32
        if let stream {
            archive_read_support_format_tar(handle)
            status = archive_read_open(
                handle, Unmanaged.passUnretained(stream).toOpaque(), nil, readExpanded, nil)
        } else {
            // The one that reads the directory at the end: what is not in it is not in the archive.
            archive_read_support_format_zip_seekable(handle)
            status = archive_read_open_fd(handle, file, ArchiveReader.zipBlockBytes)
        }
        guard status == ARCHIVE_OK else { throw failure() }
    }

    private static let zipBlockBytes = 64 << 10

    /// The next member; nil at the end of the archive.
    func next() throws(FetchError) -> ArchiveEntry? {
        if entry != nil { try skipData() }
        let end = consumedBytes
        let status = archive_read_next_header(handle, &entry)
        if status == ARCHIVE_EOF {
            try checkEnd(at: end)
            return nil
        }
        guard status == ARCHIVE_OK, let entry else { throw failure() }
        entryCount += 1
        guard entryCount <= limits.entries else {
            throw FetchError(.limit, "it has more than \(limits.entries) entries")
        }
        let hasSize = archive_entry_size_is_set(entry) != 0
        missingBytes = hasSize ? Int(archive_entry_size(entry)) : nil
        return try checked(entry)
    }

    /// The next bytes of the member that `next` gave.
    ///
    /// - Returns: How many; 0 at its end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(FetchError) -> Int {
        var count = archive_read_data(handle, buffer.baseAddress, buffer.count)
        guard count >= 0 else { throw failure() }
        if count == 0, let missing = missingBytes, missing > 0 {
            // A hole at the end of a sparse file, of which libarchive says nothing.
            guard archive_entry_sparse_count(entry) > 0 else {
                throw FetchError(.archive, "it is damaged: an entry is shorter than it should be")
            }
            count = min(missing, buffer.count)
            UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]).initializeMemory(
                as: UInt8.self, repeating: 0)
        }
        missingBytes = missingBytes.map { $0 - count }
        unpackedBytes += count
        try limits.check(unpackedBytes: unpackedBytes, archiveBytes: archiveBytes)
        return count
    }

    /// Passes over what is left of the member's data, and what fills its last block.
    private func skipData() throws(FetchError) {
        guard archive_read_data_skip(handle) == ARCHIVE_OK else { throw failure() }
    }

    private func checked(_ entry: OpaquePointer) throws(FetchError) -> ArchiveEntry {
        let name = try EntryName.text(archive_entry_pathname(entry))
        let path = try EntryName.path(name, stripping: stripComponents)
        guard archive_entry_is_encrypted(entry) == 0 else {
            throw FetchError(.archive, "the entry \(quoted(name)) is encrypted")
        }
        if let target = archive_entry_hardlink(entry) {
            let target = try EntryName.path(
                EntryName.text(target), stripping: stripComponents)
            return ArchiveEntry(path: path, kind: .hardLink(target: target), name: name)
        }
        return ArchiveEntry(path: path, kind: try kind(of: entry, name), name: name)
    }

    private func kind(
        of entry: OpaquePointer, _ name: String
    ) throws(FetchError) -> ArchiveEntry.Kind {
        switch UInt32(archive_entry_filetype(entry)) & S_IFMT {
        case S_IFDIR: return .directory
        case S_IFREG: return .file(isExecutable: archive_entry_perm(entry) & 0o100 != 0)
        case S_IFLNK: return .symlink(target: try EntryName.text(archive_entry_symlink(entry)))
        case S_IFIFO: throw refused(name, "a fifo")
        case S_IFCHR, S_IFBLK: throw refused(name, "a device")
        case S_IFSOCK: throw refused(name, "a socket")
        default: throw refused(name, "of an unknown type")
        }
    }

    private func refused(_ name: String, _ what: String) -> FetchError {
        FetchError(.archive, "the entry \(quoted(name)) is \(what)")
    }

    /// How much of the tar file has been parsed.
    private var consumedBytes: Int { Int(archive_filter_bytes(handle, 0)) }

    /// Checks that a tar file ends with a block of zeros (POSIX pax, "ustar Interchange Format", has
    /// two of them; one is enough to see that nothing is cut off) and nothing else follows.
    ///
    /// - Parameter end: Where the last member ends.
    private func checkEnd(at end: Int) throws(FetchError) {
        guard let stream else { return }
        try stream.drain()
        guard stream.expandedBytes >= end + 512 else {
            throw FetchError(.archive, "it is cut off: the mark of its end is missing")
        }
        guard stream.contentBytes <= end else {
            throw FetchError(.archive, "it has other data behind its end")
        }
    }

    private func failure() -> FetchError {
        stream?.failure ?? archiveFailure(handle)
    }
}

/// Hands libarchive the decompressed bytes.
private func readExpanded(
    _ handle: OpaquePointer?, _ data: UnsafeMutableRawPointer?,
    _ bytes: UnsafeMutablePointer<UnsafeRawPointer?>?
) -> Int {
    guard let data, let bytes else { preconditionFailure("libarchive reads from nothing") }
    // Alive: the reader that owns the stream is the only one who makes libarchive call.
    let stream = Unmanaged<ExpandedStream>.fromOpaque(data).takeUnretainedValue()
    let next = stream.next()
    bytes.pointee = next?.baseAddress
    return next?.count ?? (stream.failure == nil ? 0 : Int(ARCHIVE_FATAL))
}
