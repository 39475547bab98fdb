import Glibc
import TestKit

/// An open folder.
final class Folder {
    let descriptor: Int32

    init(_ path: String) throws {
        descriptor = open(path, O_RDONLY | O_DIRECTORY)
        guard descriptor >= 0 else { throw POSIXFailure(call: "open", number: errno) }
    }

    deinit { close(descriptor) }
}
