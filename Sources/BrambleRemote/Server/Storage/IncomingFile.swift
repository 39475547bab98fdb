internal import BrambleModel
internal import Glibc

/// A file that is not yet one of the storage's. Dropped without `keep`, it leaves nothing.
///
/// `@unchecked Sendable`: one thread uses it at a time, as its owner holds a lock or nobody else knows it.
final class IncomingFile: @unchecked Sendable {
    private let folder: CacheFolder
    private let name: String
    private let descriptor: Int32
    private(set) var sizeBytes = 0
    private var isKept = false

    init(in folder: CacheFolder) throws(CacheError) {
        self.folder = folder
        name = folder.newIncomingName()
        descriptor = openat(
            folder.descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw CacheError(call: "open", path: name) }
    }

    deinit {
        close(descriptor)
        // What can't be removed goes when the server starts anew.
        if !isKept { unlinkat(folder.descriptor, name, 0) }
        folder.release(sizeBytes)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(CacheError) {
        try folder.reserve(bytes.count)
        sizeBytes += bytes.count
        var rest = bytes
        while let start = rest.baseAddress, !rest.isEmpty {
            let count = Glibc.write(descriptor, start, rest.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw CacheError(call: "write", path: name)
            }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
    }

    /// Makes it one of the storage's, where others see it.
    func keep(as key: CacheKey) throws(CacheError) {
        try folder.adopt(name, as: key, sizeBytes: sizeBytes)
        isKept = true
    }
}
