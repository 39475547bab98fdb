/// Where a project is.
package struct ProjectLocation: Hashable, Sendable {
    package static let manifestName = "bramble.toml"

    /// The folder of `bramble.toml`, absolute and without symbolic links.
    package let root: String
    /// Where the search began, by components from the root.
    package let current: [String]

    /// Looks in a folder and in those above it.
    ///
    /// - Throws: `configuration` if there is no project, `inputOutput`.
    package init(searchingFrom folder: String) throws(ProjectError) {
        guard let start = canonicalPath(folder) else { throw systemFailure("realpath", folder) }
        var components = start.split(separator: "/").map(String.init)
        var below: [String] = []
        while true {
            let path = "/" + components.joined(separator: "/")
            if try Folder(path).kind(of: ProjectLocation.manifestName) != nil {
                root = path
                current = below.reversed()
                return
            }
            guard let last = components.popLast() else { break }
            below.append(last)
        }
        throw ProjectError(
            .configuration,
            "no `\(ProjectLocation.manifestName)` in `\(start)` or any folder above it",
            hint: "run `bramble init` in the folder of the project")
    }
}
