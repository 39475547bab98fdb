internal import BrambleModel
import Glibc
internal import NIOCore
import Synchronization

/// A file that is being fetched, and what is known of the bytes it has so far.
final class PartialFile: Sendable {
    let path: String

    private struct State: ~Copyable {
        var file: OpenFile
        var hasher = ContentHasher()
        var sizeBytes = 0
    }

    private let state: Mutex<State>

    /// Makes a new, empty file that only we may read.
    init(path: String) throws(FetchError) {
        self.path = path
        let file = try OpenFile(
            path: path, flags: O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
        state = Mutex(State(file: file))
    }

    var sizeBytes: Int { state.withLock { $0.sizeBytes } }

    /// The hash of the bytes so far.
    var hash: ContentHash { state.withLock { $0.hasher.finish() } }

    /// Adds bytes. Blocks.
    func append(_ bytes: UnsafeRawBufferPointer) throws {
        try state.withLock { state throws(FetchError) in
            try state.file.write(bytes)
            state.hasher.update(bytes)
            state.sizeBytes += bytes.count
        }
    }

    /// Forgets all bytes. Blocks.
    func restart() throws {
        try state.withLock { state throws(FetchError) in
            guard state.sizeBytes > 0 else { return }
            guard ftruncate(state.file.descriptor, 0) == 0,
                lseek(state.file.descriptor, 0, SEEK_SET) == 0
            else { throw .systemCall("truncate", path) }
            state.hasher = ContentHasher()
            state.sizeBytes = 0
        }
    }

    /// Removes the file. That it may be gone already is no error.
    func remove() { unlink(path) }
}
