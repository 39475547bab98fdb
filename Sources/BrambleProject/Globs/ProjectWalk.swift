import BrambleModel

/// Goes through the folders of a project, in the order of the bytes of their paths.
///
/// It does not enter `.git`, nested projects (folders with a `bramble.toml`), what `.brambleignore`
/// files name, nor symbolic links to folders, so that it ends.
struct ProjectWalk {
    /// One thing that was found.
    struct Item {
        /// Components from the project's root.
        var path: [String]
        var kind: Folder.Kind
    }

    /// More entries than these in one walk are an error: it was meant to be narrower.
    static let maximumEntries = 2_000_000
    /// The walk recurses, and holds one descriptor a level.
    static let maximumDepth = 200

    private(set) var visited: [VisitedFolder] = []
    private var entryCount = 0
    private let visit: (Item) throws(ProjectError) -> Bool

    /// - Parameter visit: Takes each item; says of a folder whether to enter it.
    init(visit: @escaping (Item) throws(ProjectError) -> Bool) {
        self.visit = visit
    }

    /// Walks what is below a folder of the project.
    mutating func walk(_ root: String, from start: [String]) throws(ProjectError) {
        var rules: [(depth: Int, IgnoreRules)] = []
        // Ignore files above the start hold below it too.
        for depth in start.indices {
            let path = Array(start[..<depth])
            let folder = try Folder(([root] + path).joined(separator: "/"))
            if let above = try ignoreRules(folder, path) { rules.append((depth, above)) }
        }
        try walk(Folder(([root] + start).joined(separator: "/")), start, rules)
    }

    private func ignoreRules(
        _ folder: borrowing Folder, _ path: [String]
    ) throws(ProjectError) -> IgnoreRules? {
        guard let bytes = try folder.read(".brambleignore") else { return nil }
        return try IgnoreRules(bytes, path: (path + [".brambleignore"]).joined(separator: "/"))
    }

    private mutating func walk(
        _ folder: borrowing Folder, _ path: [String], _ outer: [(depth: Int, IgnoreRules)]
    ) throws(ProjectError) {
        let name = path.isEmpty ? "." : path.joined(separator: "/")
        guard path.count <= ProjectWalk.maximumDepth else {
            throw ProjectError(
                .limit, "`\(name)` is deeper than \(ProjectWalk.maximumDepth) folders")
        }
        visited.append(VisitedFolder(path: path, stamp: try folder.stamp()))
        var rules = outer
        if let own = try ignoreRules(folder, path) { rules.append((path.count, own)) }
        let entries = try folder.entries(name)
        entryCount += entries.count
        guard entryCount <= ProjectWalk.maximumEntries else {
            throw ProjectError(
                .limit, "the project has more than \(ProjectWalk.maximumEntries) files here",
                hint: "narrow the pattern, or name folders in `.brambleignore`")
        }
        for entry in entries where entry.name != ".git" {
            let item = Item(path: path + [entry.name], kind: entry.kind)
            let isFolder = entry.kind == .folder
            if isIgnored(item.path, isFolder, rules) { continue }
            if !isFolder {
                _ = try visit(item)
                continue
            }
            if folder.kind(of: entry.name + "/bramble.toml") != nil { continue }
            guard try visit(item) else { continue }
            try walk(Folder(entry.name, in: folder), item.path, rules)
        }
    }

    private func isIgnored(
        _ path: [String], _ isFolder: Bool, _ rules: [(depth: Int, IgnoreRules)]
    ) -> Bool {
        for (depth, rules) in rules.reversed() {
            if let answer = rules.ignores(Array(path[depth...]), isFolder: isFolder) {
                return answer
            }
        }
        return false
    }
}

/// A folder that a walk has read, and by what to tell that it is still the same.
package struct VisitedFolder: Hashable, Codable, Sendable {
    /// Components from the project's root.
    package let path: [String]
    let stamp: Folder.Stamp
}
