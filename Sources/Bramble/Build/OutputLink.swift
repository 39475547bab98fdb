import BrambleProject
import Glibc

/// A symbolic link of a user's to an object on disk.
enum OutputLink {
    /// - Returns: The link's own path, absolute.
    static func make(at path: String, to target: String) throws(BrambleError) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        let folder = path.hasSuffix(name) ? String(path.dropLast(name.count)) : path
        guard !name.isEmpty, name != ".", name != ".." else {
            throw BrambleError(.usage, "`\(path)` is no place for a link")
        }
        let parent = try BrambleError.catching { () throws(ProjectError) in
            try HostFile.absolutePath(folder.isEmpty ? "." : folder)
        }
        let place = (parent == "/" ? "" : parent) + "/" + name
        var status = stat()
        if lstat(place, &status) == 0, status.st_mode & S_IFMT != S_IFLNK {
            throw BrambleError(
                .wouldChange, "`\(path)` is there, and no link",
                hint: "remove it, or name another place")
        }
        // Beside its place and then renamed, so that there always is one or the other.
        let draft = place + ".\(getpid())"
        guard symlink(target, draft) == 0, rename(draft, place) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(draft)
            throw BrambleError(.files, "cannot make the link `\(path)`: \(reason)")
        }
        return place
    }
}
