import Bramble
import Glibc
import StarlarkConsole

/// The directory that relative paths begin in.
enum WorkingDirectory {
    /// Goes elsewhere, once, before anything else is done.
    static func change(to directory: String) throws(BrambleError) {
        guard chdir(directory) == 0 else {
            let failure = FileFailure("work in", "`\(directory)`", call: "chdir")
            throw BrambleError(.usage, "\(failure)", hint: "`-C` takes an existing directory")
        }
    }

    /// Where the process is, absolute and without symbolic links.
    static var current: String {
        guard let path = realpath(".", nil) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }

    /// A path that need not exist, from where the process is if it is relative.
    static func path(_ path: String) -> String {
        path.hasPrefix("/") ? path : current + "/" + path
    }

    /// An existing path as the kernel sees it: absolute, without symbolic links.
    static func absolutePath(_ path: String) throws(BrambleError) -> String {
        guard let absolute = realpath(path, nil) else {
            let failure = FileFailure("use", "`\(path)`", call: "realpath")
            throw BrambleError(.usage, "\(failure)", hint: "name a path that exists")
        }
        defer { free(absolute) }
        return String(cString: absolute)
    }
}
