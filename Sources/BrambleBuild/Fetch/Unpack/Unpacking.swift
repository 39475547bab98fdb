internal import BrambleModel
import Glibc

/// Unpacks an archive into a new directory. Either all of it is there afterwards, or nothing.
///
/// Blocks its thread.
struct Unpacking {
    let stripComponents: Int
    let limits: UnpackLimits
    /// Asked between blocks of data.
    let isCancelled: @Sendable () -> Bool

    private static let bufferBytes = 128 << 10

    /// - Parameters:
    ///   - archive: The path of the archive.
    ///   - directory: The path of the directory to make; what it is in must be private to us.
    /// - Throws: `FetchError`; `CancellationError`.
    func unpack(_ archive: String, into directory: String) throws {
        let locale = UTF8Locale()
        defer { locale.restore() }
        let writer = try TreeWriter(newDirectory: directory, limits: limits)
        do {
            let file = try OpenFile(path: archive, flags: O_RDONLY)
            let reader = try ArchiveReader(
                file, stripComponents: stripComponents, limits: limits)
            try copy(reader, to: writer)
            try writer.finish()
        } catch {
            TreeRemoval.remove(directory)
            throw error
        }
    }

    private func copy(_ reader: ArchiveReader, to writer: TreeWriter) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Unpacking.bufferBytes, alignment: 16)
        defer { buffer.deallocate() }
        while let entry = try reader.next() {
            if isCancelled() { throw CancellationError() }
            guard let path = entry.path else { continue }
            switch entry.kind {
            case .directory: try writer.addDirectory(path)
            case .symlink(let target): try writer.addSymlink(path, target: target)
            case .hardLink(let target?): try writer.addHardLink(path, to: target)
            case .hardLink(nil): throw lostTarget(entry)
            case .file(let isExecutable):
                let file = try writer.addFile(path, isExecutable: isExecutable)
                while case let count = try reader.read(into: buffer), count > 0 {
                    if isCancelled() { throw CancellationError() }
                    try file.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                }
            }
        }
        guard !writer.nodes.isEmpty else {
            let isStripped = stripComponents > 0
            throw FetchError(
                .archive, isStripped ? "nothing is left of it" : "there is nothing in it",
                hint: isStripped ? "`strip_components` is \(stripComponents): make it less" : nil)
        }
    }

    private func lostTarget(_ entry: ArchiveEntry) -> FetchError {
        FetchError(
            .archive,
            "the hard link \(quoted(entry.name)) leads to a file that `strip_components` leaves out"
        )
    }
}

/// A locale with UTF-8 for this thread: libarchive reads names in the character set of the locale,
/// and would take all but ASCII for unreadable in the locale that a process begins with.
private struct UTF8Locale {
    private let ours: locale_t?
    private let previous: locale_t?

    init() {
        // `LC_CTYPE_MASK`; glibc has this locale built in. Without it only ASCII names can be unpacked.
        ours = newlocale(1 << LC_CTYPE, "C.UTF-8", nil)
        previous = ours.map { uselocale($0) }
    }

    func restore() {
        guard let ours, let previous else { return }
        uselocale(previous)
        freelocale(ours)
    }
}
