package import BrambleModel

/// The modules below a folder of a project, for `./...`.
package enum ModuleTree {
    /// The paths of the modules' files, sorted by bytes. What a walk skips (`ProjectWalk`) is not
    /// among them; neither are symbolic links.
    ///
    /// - Parameter folder: By components from the project's root.
    /// - Throws: `nothingMatched` if there is none, `configuration`, `limit`, `inputOutput`.
    package static func files(
        below folder: [String], in root: String
    ) throws(ProjectError) -> [RelativePath] {
        var paths: [RelativePath] = []
        var walk = ProjectWalk { item throws(ProjectError) in
            guard item.kind == .file, item.path.last?.hasSuffix(".bramble") == true else {
                return true
            }
            do throws(Fault) {
                paths.append(try RelativePath(item.path.joined(separator: "/")))
            } catch {
                throw ProjectError(.configuration, error.message, hint: error.hint)
            }
            return true
        }
        try walk.walk(root, from: folder)
        guard !paths.isEmpty else {
            throw ProjectError(
                .nothingMatched, "no modules in `./\(folder.joined(separator: "/"))`",
                hint: "a module is a file that ends in `.bramble`")
        }
        return paths.sorted()
    }
}
