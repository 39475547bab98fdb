import Glibc

/// Where what can be found out again is kept.
enum CacheFolder {
    /// `$XDG_CACHE_HOME/bramble`, or `~/.cache/bramble` (XDG Base Directory Specification, 0.8);
    /// nil without a home.
    static var standard: String? {
        if let cache = absolutePath(in: "XDG_CACHE_HOME") { return cache + "/bramble" }
        return absolutePath(in: "HOME").map { $0 + "/.cache/bramble" }
    }

    /// The value of an environment variable; the specification has relative paths ignored.
    private static func absolutePath(in variable: String) -> String? {
        guard let value = getenv(variable) else { return nil }
        let path = String(cString: value)
        return path.hasPrefix("/") ? path : nil
    }
}
