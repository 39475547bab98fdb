import Bramble
import Glibc

/// Where Bramble keeps its files (XDG Base Directory Specification, 0.8).
enum StandardFolders {
    /// What can be found out again: `$XDG_CACHE_HOME/bramble`, or `~/.cache/bramble`; nil without a
    /// home.
    static var cache: String? { folder("XDG_CACHE_HOME", inHome: ".cache") }

    /// The user's configuration: `$XDG_CONFIG_HOME/bramble/config.toml`, or
    /// `~/.config/bramble/config.toml`; nil without a home.
    static var configurationFile: String? {
        folder("XDG_CONFIG_HOME", inHome: ".config").map { $0 + "/config.toml" }
    }

    /// The store: `$BRAMBLE_HOME`, or `$XDG_DATA_HOME/bramble`, or `~/.local/share/bramble`.
    ///
    /// - Throws: `configuration` if there is none of them.
    static func store() throws(BrambleError) -> String {
        if let value = getenv("BRAMBLE_HOME"), value.pointee != 0 {
            let path = String(cString: value)
            guard path.hasPrefix("/") else {
                throw BrambleError(
                    .configuration, "`BRAMBLE_HOME` is `\(path)`, which is not absolute",
                    hint: "give the store's whole path, beginning with `/`")
            }
            return path
        }
        guard let folder = folder("XDG_DATA_HOME", inHome: ".local/share") else {
            throw BrambleError(
                .configuration, "there is no place for the store: `HOME` is not set",
                hint: "set `BRAMBLE_HOME` to the folder that the store is to be in")
        }
        return folder
    }

    private static func folder(_ variable: String, inHome fallback: String) -> String? {
        if let folder = absolutePath(in: variable) { return folder + "/bramble" }
        return absolutePath(in: "HOME").map { "\($0)/\(fallback)/bramble" }
    }

    /// The value of an environment variable; the specification has relative paths ignored.
    private static func absolutePath(in variable: String) -> String? {
        guard let value = getenv(variable) else { return nil }
        let path = String(cString: value)
        return path.hasPrefix("/") ? path : nil
    }
}
