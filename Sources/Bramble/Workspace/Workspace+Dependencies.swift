import BrambleModel
import BrambleProject
import SourceDiagnostics

extension Workspace {
    /// Makes the package in a folder a dependency, by its path: `bramble.toml` says so afterwards, and
    /// all else in that file stays as it is.
    ///
    /// - Parameter folder: From the current folder, or absolute.
    /// - Returns: The package's name, and its path from the project's folder.
    /// - Throws: `configuration` for a folder without a package, mistakes in a manifest, or a
    ///   manifest that has to be changed by hand; `usage` for the project itself; `files`.
    public func addDependency(
        in folder: String
    ) throws(BrambleError) -> (name: String, path: String) {
        guard let target = try? HostFile.absolutePath(folder) else {
            throw BrambleError(
                .configuration, "there is no folder `\(folder)`",
                hint: "name the folder of a package, from the current folder")
        }
        guard target != location.root else {
            throw BrambleError(.usage, "a project cannot depend on itself")
        }
        let name = try Workspace.readManifest(in: target).name
        let path = Workspace.path(from: location.root, to: target)
        try edit { (document) throws(TOMLDocument.EditFailure) in
            try document.setting(
                "\(name)", in: "dependencies", to: "{ path = \(TOMLDocument.string(path)) }")
        }
        return ("\(name)", path)
    }

    /// Takes a dependency out of `bramble.toml`.
    ///
    /// - Throws: `nothingMatched` if it is none; `configuration` for a manifest that has to be changed
    ///   by hand, or has mistakes; `files`.
    public func removeDependency(_ name: String) throws(BrambleError) {
        let manifest = try Workspace.readManifest(in: location.root)
        let names = manifest.dependencies.map(\.name.description)
        guard names.contains(name) else {
            let near = closestMatch(to: name, among: names)
            throw BrambleError(
                .nothingMatched, "`\(name)` is no dependency of this project",
                hint: near.map { "did you mean `\($0)`?" })
        }
        try edit { (document) throws(TOMLDocument.EditFailure) in
            try document.removing(name, from: "dependencies") ?? Array(document.file.bytes)
        }
    }

    private func edit(
        _ change: (TOMLDocument) throws(TOMLDocument.EditFailure) -> [UInt8]
    ) throws(BrambleError) {
        let manifest = try Workspace.readManifest(in: location.root)
        let bytes: [UInt8]
        do throws(TOMLDocument.EditFailure) {
            bytes = try change(manifest.document)
        } catch {
            let (message, span) =
                switch error {
                case .spreadOut(let span): ("this dependency has a table of its own", span)
                case .noTable(let span): ("this is no table that can be added to", span)
                }
            throw BrambleError(
                DiagnosticList([
                    Diagnostic(
                        .error, message, in: manifest.document.file, at: span,
                        hint: "change `\(ProjectLocation.manifestName)` by hand")
                ]))
        }
        try BrambleError.catching { () throws(ProjectError) in
            try HostFile.replace(
                location.root + "/" + ProjectLocation.manifestName, with: bytes)
        }
    }

    private static func readManifest(in root: String) throws(BrambleError) -> Manifest {
        let path = root + "/" + ProjectLocation.manifestName
        guard HostFile.exists(path) else {
            throw BrambleError(
                .configuration, "there is no `\(ProjectLocation.manifestName)` in `\(root)`",
                hint: "name the folder of a package; `bramble init` makes one")
        }
        let bytes = try BrambleError.catching { () throws(ProjectError) in
            try HostFile.read(path)
        }
        do throws(DiagnosticList) {
            return try Manifest(SourceFile(name: path, bytes: bytes))
        } catch {
            throw BrambleError(error)
        }
    }

    /// Where a folder is, seen from another one. Both are absolute and without symbolic links.
    private static func path(from base: String, to folder: String) -> String {
        let base = base.split(separator: "/")
        let folder = folder.split(separator: "/")
        let shared = zip(base, folder).prefix { $0 == $1 }.count
        let up = Array(repeating: Substring(".."), count: base.count - shared)
        return (up + folder[shared...]).joined(separator: "/")
    }
}
