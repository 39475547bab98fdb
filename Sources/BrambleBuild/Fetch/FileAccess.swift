import BrambleModel
import Glibc

/// Which files of this machine derivations may fetch, by URLs of the scheme `file`. Mirrors are of
/// the user's own configuration, and not asked about.
package enum FileAccess: Hashable, Sendable {
    /// All that the user may read: for the user's own builds.
    case all
    /// Those at or below some paths: for builds of others, who are to see nothing else of this machine.
    case below([String])

    /// - Throws: `forbidden`.
    func check(_ url: SourceURL) throws(FetchError) {
        guard url.scheme == .file, case .below(let allowed) = self else { return }
        if let path = URLPath.file(url.description).flatMap(FileAccess.real) {
            let isAllowed = allowed.compactMap(FileAccess.real).contains { folder in
                path == folder || path.hasPrefix(folder == "/" ? folder : folder + "/")
            }
            if isAllowed { return }
        }
        // Whether there is such a file is nobody's business.
        throw FetchError(
            .forbidden, "cannot fetch `\(url)`: it is not a file that this machine shows to others",
            hint: "`bramble server --expose PATH` shows a file, or all of a folder")
    }

    /// The path without symbolic links; nil if nothing is there.
    private static func real(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
