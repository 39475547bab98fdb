import BrambleModel
import BrambleProject

extension Workspace {
    /// A project that was made.
    public struct NewProject: Sendable {
        /// The name of its package.
        public let name: String
        /// Its folder, from where it was asked for; `.` for that itself.
        public let folder: String
        /// The files written, from the folder.
        public let files: [String]
    }

    /// Makes a project.
    ///
    /// - Parameters:
    ///   - name: The package's name, whose last part names a new folder; nil to make the project in
    ///     `parent` itself, with its name.
    ///   - parent: A folder.
    /// - Throws: A name that is none (`usage`), files that are there already (`wouldChange`), `files`.
    public static func initialize(
        name: String?, in parent: String
    ) throws(BrambleError) -> NewProject {
        let folder = name.flatMap { $0.split(separator: "/").last.map(String.init) }
        let path = try BrambleError.catching { () throws(ProjectError) in
            try HostFile.absolutePath(parent) + (folder.map { "/" + $0 } ?? "")
        }
        let package = try packageName(name ?? fallbackName(path))
        let template = ProjectTemplate(name: package)
        try BrambleError.catching { () throws(ProjectError) in try HostFile.makeFolder(path) }
        do throws(ProjectError) {
            try template.check(path)
        } catch {
            let kind: BrambleError.Kind = error.code == .configuration ? .wouldChange : .files
            throw BrambleError(kind, error.message, hint: error.hint)
        }
        try BrambleError.catching { () throws(ProjectError) in
            for file in template.files {
                try HostFile.replace(path + "/" + file.name, with: Array(file.text.utf8))
            }
        }
        return NewProject(
            name: package.description, folder: folder ?? ".", files: template.files.map(\.name))
    }

    private static func packageName(_ text: String) throws(BrambleError) -> PackageName {
        do throws(Fault) {
            return try PackageName(text)
        } catch {
            throw BrambleError(.usage, error.message, hint: error.hint)
        }
    }

    /// A name from that of a folder, with what names cannot have replaced.
    private static func fallbackName(_ path: String) -> String {
        let folder = path.split(separator: "/").last ?? ""
        let name = folder.unicodeScalars.map { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic || "0123456789-_.".contains(Character(scalar)))
                ? String(scalar) : "-"
        }.joined()
        return name.contains { $0 != "-" && $0 != "." } ? name : "project"
    }
}
