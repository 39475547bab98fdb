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
        try find(below: folder, in: root).paths
    }

    /// The same with what was looked at on the way.
    package static func find(
        below folder: [String], in root: String
    ) throws(ProjectError) -> GlobQuery.Result {
        var finder = ModuleFinder()
        var walk = ProjectWalk()
        try walk.walk(root, from: folder, (), &finder)
        let paths = finder.paths
        guard !paths.isEmpty else {
            throw ProjectError(
                .nothingMatched, "no modules in `./\(folder.joined(separator: "/"))`",
                hint: "a module is a file that ends in `.bramble`")
        }
        return GlobQuery.Result(paths: paths.sorted(), trace: walk.trace)
    }
}

/// Takes the files that are modules, in all folders.
private struct ModuleFinder: WalkVisitor {
    var paths: [RelativePath] = []

    func interest(in state: Void) -> GlobMachine.Interest { .everything }

    mutating func visit(_ item: ProjectWalk.Item, in state: Void) throws(ProjectError) -> Void? {
        guard item.kind == .file, item.path.last?.hasSuffix(".bramble") == true else { return () }
        paths.append(try relativePath(item.path.joined(separator: "/")))
        return nil
    }
}
