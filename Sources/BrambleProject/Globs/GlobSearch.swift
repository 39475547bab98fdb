import BrambleModel

/// Answers a query with one walk for all its patterns.
struct GlobSearch {
    struct Pattern {
        /// Where it starts, from the project's root.
        var folders: [String]
        var glob: GlobPattern

        func matches(_ path: [String]) -> Bool {
            path.starts(with: folders) && glob.matches(Array(path[folders.count...]))
        }
    }

    let root: String
    let included: [Pattern]
    let excluded: [Pattern]
    let includesFolders: Bool
    /// Which of `included` have matched something.
    private(set) var isUsed: [Bool]
    private var found: [RelativePath] = []

    init(root: String, included: [Pattern], excluded: [Pattern], includesFolders: Bool) {
        self.root = root
        self.included = included
        self.excluded = excluded
        self.includesFolders = includesFolders
        isUsed = included.map { _ in false }
    }

    mutating func run() throws(ProjectError) -> GlobQuery.Result {
        guard let first = included.first else { return .init(paths: [], visited: []) }
        var start = first.folders
        for pattern in included.dropFirst() {
            start = zip(start, pattern.folders).prefix { $0 == $1 }.map(\.0)
        }
        var items: [ProjectWalk.Item] = []
        var walk = ProjectWalk { item throws(ProjectError) in
            items.append(item)
            return true
        }
        try walk.walk(root, from: start)
        for item in items { try take(item) }
        return .init(paths: found.sorted(), visited: walk.visited)
    }

    private mutating func take(_ item: ProjectWalk.Item) throws(ProjectError) {
        guard item.kind != .other, item.kind != .folder || includesFolders else { return }
        let matching = included.indices.filter { included[$0].matches(item.path) }
        guard !matching.isEmpty, !excluded.contains(where: { $0.matches(item.path) }) else {
            return
        }
        let text = item.path.joined(separator: "/")
        if item.kind == .link { try checkLink(text) }
        for index in matching { isUsed[index] = true }
        do throws(Fault) {
            found.append(try RelativePath(text))
        } catch {
            throw ProjectError(.configuration, error.message, hint: error.hint)
        }
    }

    /// A link stays a link, but what it leads to must be in the project.
    private func checkLink(_ path: String) throws(ProjectError) {
        guard let target = canonicalPath(root + "/" + path) else {
            throw ProjectError(
                .configuration, "the symbolic link `\(path)` leads nowhere or in a circle",
                hint: "remove it, or exclude it")
        }
        guard target.hasPrefix(root == "/" ? "/" : root + "/") || target == root else {
            throw ProjectError(
                .outside, "the symbolic link `\(path)` leads out of the project, to `\(target)`",
                hint: "copy what it leads to into the project, or exclude it")
        }
    }
}
