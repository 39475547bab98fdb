package import BrambleModel

/// From a module of a project to its file.
package enum ModuleFile {
    /// `lib/foo.bramble` or `lib/foo/default.bramble`, from the project's root.
    ///
    /// - Parameters:
    ///   - module: The module's path in the project; nil for that of the project itself.
    ///   - root: The project's folder, absolute and without symbolic links.
    /// - Throws: `configuration` if neither file or both exist, `outside` if a symbolic link leads out.
    package static func find(
        _ module: RelativePath?, in root: String
    ) throws(ProjectError) -> RelativePath {
        let folder = try Folder(root)
        let index = (module.map { $0.description + "/" } ?? "") + "default.bramble"
        let candidates = (module.map { ["\($0).bramble"] } ?? []) + [index]
        let existing = candidates.filter { folder.kind(of: $0) != nil }
        guard let path = existing.first else {
            throw ProjectError(
                .configuration, "no module `./\(module?.description ?? "")`",
                hint: "make " + candidates.map { "`\($0)`" }.joined(separator: " or "))
        }
        if existing.count > 1 {
            throw ProjectError(
                .configuration, "both `\(existing[0])` and `\(existing[1])` exist",
                hint: "remove one of them: they are the same module")
        }
        guard let real = canonicalPath(root + "/" + path),
            real.hasPrefix(root == "/" ? "/" : root + "/")
        else {
            throw ProjectError(
                .outside, "`\(path)` leads out of the project",
                hint: "copy the module into the project")
        }
        do throws(Fault) {
            return try RelativePath(path)
        } catch {
            throw ProjectError(.configuration, error.message, hint: error.hint)
        }
    }
}
