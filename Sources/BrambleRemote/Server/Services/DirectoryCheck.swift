internal import BrambleModel
internal import BrambleREAPI

/// What REAPI v2 demands of a `Directory`, and what keeps a path from leaving its root.
enum DirectoryCheck {
    /// - Throws: `malformed`.
    static func check(_ directory: DirectoryMessage) throws(CacheError) {
        let lists = [
            directory.files.map(\.name), directory.directories.map(\.name),
            directory.symlinks.map(\.name),
        ]
        var all: Set<[UInt8]> = []
        for list in lists {
            var last: [UInt8] = []
            for name in list {
                try check(name: name)
                let bytes = Array(name.utf8)
                guard last.lexicographicallyPrecedes(bytes) else {
                    throw malformed("`\(name)` in it stands twice, or the names are not sorted")
                }
                last = bytes
                guard all.insert(bytes).inserted else {
                    throw malformed("`\(name)` in it stands twice")
                }
            }
        }
        for symlink in directory.symlinks {
            guard !symlink.target.isEmpty, !symlink.target.utf8.contains(0) else {
                throw malformed("the link `\(symlink.name)` in it leads nowhere")
            }
        }
    }

    /// - Throws: `malformed` unless it is the name of a file: one component of a path.
    static func check(name: String) throws(CacheError) {
        let isName = (try? RelativePath(name)) != nil && !name.utf8.contains(UInt8(ascii: "/"))
        guard isName else { throw malformed("`\(name.prefix(300))` is no name of a file") }
    }

    /// - Parameter levels: How many `..` it may begin with.
    /// - Throws: `malformed` unless it is a path below a root, without `.`, empty parts and other `..`.
    static func check(
        path: String, _ what: String, levels: Int = 0
    ) throws(CacheError) {
        var rest = path[...]
        var left = levels
        while left > 0, rest.hasPrefix("../") {
            rest = rest.dropFirst(3)
            left -= 1
        }
        do throws(Fault) {
            _ = try RelativePath(String(rest))
        } catch {
            throw CacheError(.malformed, "\(what): \(error.message)")
        }
    }

    private static func malformed(_ reason: String) -> CacheError {
        CacheError(.malformed, "a directory is not as it has to be: \(reason)")
    }
}
