import BrambleModel
import Starlark

/// A list of files in the language, as `files` makes it: which ones, not what is in them.
///
/// Its elements are the paths as a builder sees them: from the directory it starts in.
final class FilesValue: HostSequence, Hashable {
    static let starlarkTypeName = "files"
    static let members: HostMembers<FilesValue> = []

    let sources: SourceSet

    init(_ sources: SourceSet) {
        self.sources = sources
    }

    var count: Int? { sources.paths.count }

    func elements() -> [any StarlarkConvertible] {
        sources.paths.map { FilesValue.path($0, from: sources.base) }
    }

    var starlarkDescription: String {
        let count = sources.paths.count
        let place = ModuleName(package: sources.package, path: sources.base)
        return "<\(count) file\(count == 1 ? "" : "s") in \(place)>"
    }

    /// The path to follow from a directory.
    private static func path(_ path: RelativePath, from base: RelativePath?) -> String {
        guard let base else { return path.description }
        let parts = path.description.split(separator: "/")
        let start = base.description.split(separator: "/")
        let shared = zip(parts, start).prefix { $0 == $1 }.count
        let ups = Array(repeating: "..", count: start.count - shared)
        let text = (ups + parts[shared...].map(String.init)).joined(separator: "/")
        return text.isEmpty ? "." : text
    }

    static func == (left: FilesValue, right: FilesValue) -> Bool {
        left.sources == right.sources
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(sources)
    }
}
