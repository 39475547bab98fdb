package import BrambleModel
import SourceDiagnostics

/// From a module of a project to its file.
package enum ModuleFile {
    package struct Location: Hashable, Sendable {
        /// The file, from the project's root.
        package let path: RelativePath
        /// The folder it is in, by components from the root.
        package let folder: [String]
        /// The file that would be the same module, which is not there; nil if no other would be.
        package let absent: RelativePath?
    }

    /// Looks for `lib/foo.bramble` and `lib/foo/default.bramble`, from the project's root.
    ///
    /// - Parameters:
    ///   - module: The module's path in the project; nil for that of the project itself.
    ///   - root: The project's folder, absolute and without symbolic links.
    /// - Throws: `configuration` if neither file or both exist, `outside` if a symbolic link leads out.
    package static func locate(
        _ module: RelativePath?, in root: String
    ) throws(ProjectError) -> Location {
        let folder = try Folder(root)
        let index = (module.map { $0.description + "/" } ?? "") + "default.bramble"
        let candidates = (module.map { ["\($0).bramble"] } ?? []) + [index]
        let existing = candidates.filter { folder.kind(of: $0) != nil }
        guard let path = existing.first else {
            let near = module.flatMap { nearest(to: $0, in: root) }
            throw ProjectError(
                .configuration, "no module `\(module.map { "./\($0)" } ?? ".")`",
                hint: (near.map { "did you mean `./\($0)`? or " } ?? "")
                    + "make " + candidates.map { "`\($0)`" }.joined(separator: " or "))
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
        return Location(
            path: try relativePath(path),
            folder: path.split(separator: "/").dropLast().map(String.init),
            absent: try candidates.first { $0 != path }.map { text throws(ProjectError) in
                try relativePath(text)
            })
    }

    /// The module in the same folder whose name is most like that of one that is not there.
    private static func nearest(to module: RelativePath, in root: String) -> String? {
        var components = module.description.split(separator: "/").map(String.init)
        guard let name = components.popLast() else { return nil }
        let prefix = components.map { $0 + "/" }.joined()
        // Without the folder there is nothing that could be meant.
        guard let folder = try? Folder(root + "/" + prefix),
            let entries = try? folder.entries(prefix)
        else { return nil }
        let names = entries.compactMap { entry -> String? in
            if entry.kind == .folder {
                return folder.stamp(of: entry.name + "/default.bramble").map { _ in entry.name }
            }
            guard entry.name.hasSuffix(".bramble"), entry.name != "default.bramble" else {
                return nil
            }
            return String(entry.name.dropLast(".bramble".count))
        }
        return closestMatch(to: name, among: names).map { prefix + $0 }
    }

    /// The file of a module.
    ///
    /// - Throws: As `locate` does.
    package static func find(
        _ module: RelativePath?, in root: String
    ) throws(ProjectError) -> RelativePath {
        try locate(module, in: root).path
    }
}

/// A path in a project, from its text.
///
/// - Throws: `configuration`.
package func relativePath(_ text: String) throws(ProjectError) -> RelativePath {
    do throws(Fault) {
        return try RelativePath(text)
    } catch {
        throw ProjectError(.configuration, error.message, hint: error.hint)
    }
}

extension ModuleFile {
    /// The module of a file: the reverse of `locate`.
    ///
    /// - Parameter file: A path from the project's root that ends in `.bramble`.
    /// - Returns: nil for the module of the project itself.
    /// - Throws: `configuration` if the file's name is the ending alone.
    package static func module(of file: RelativePath) throws(ProjectError) -> RelativePath? {
        var components = file.description.split(separator: "/").map(String.init)
        let name = String((components.popLast() ?? "").dropLast(".bramble".count))
        guard !name.isEmpty else {
            throw ProjectError(
                .configuration, "the module `\(file)` has no name", hint: "rename the file")
        }
        if name != "default" { components.append(name) }
        return components.isEmpty ? nil : try relativePath(components.joined(separator: "/"))
    }
}
