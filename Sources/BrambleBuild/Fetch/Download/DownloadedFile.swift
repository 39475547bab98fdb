internal import BrambleModel
import Glibc

/// A file that was fetched, whose hash is the one that was expected, if one was. It is removed when
/// nobody uses it any more.
final class DownloadedFile: Sendable {
    let path: String
    let hash: ContentHash
    let sizeBytes: Int
    let contentType: String?
    /// The places that servers sent us to, as they may be shown.
    let redirects: [String]

    init(_ file: PartialFile, contentType: String?, redirects: [String]) {
        path = file.path
        hash = file.hash
        sizeBytes = file.sizeBytes
        self.contentType = contentType
        self.redirects = redirects
    }

    deinit {
        // It lies in a directory that is temporary itself.
        unlink(path)
    }
}
