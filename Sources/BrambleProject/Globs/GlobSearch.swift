import BrambleModel

/// Answers a query with one walk for all its patterns, into folders only that can hold a match.
struct GlobSearch: WalkVisitor {
    struct State {
        var included: [GlobMachine.State]
        var excluded: [GlobMachine.State]
    }

    private let root: String
    private let included: GlobMachine
    private let excluded: GlobMachine
    private let includesFolders: Bool
    /// Which of the patterns have matched something.
    private(set) var isUsed: [Bool]
    /// Which of the patterns have matched a folder that was not asked for.
    private(set) var isOfFolder: [Bool]
    private var found: [RelativePath] = []

    typealias Pattern = (folders: [String], glob: GlobPattern)

    init(root: String, included: [Pattern], excluded: [Pattern], includesFolders: Bool) {
        self.root = root
        self.included = GlobMachine(included)
        self.excluded = GlobMachine(excluded)
        self.includesFolders = includesFolders
        isUsed = included.map { _ in false }
        isOfFolder = isUsed
    }

    mutating func run() throws(ProjectError) -> GlobQuery.Result {
        var walk = ProjectWalk()
        let start = State(included: included.start, excluded: excluded.start)
        try walk.walk(root, from: [], start, &self)
        return GlobQuery.Result(paths: found.sorted(), trace: walk.trace)
    }

    func interest(in state: State) -> GlobMachine.Interest { included.interest(state.included) }

    mutating func visit(
        _ item: ProjectWalk.Item, in state: State
    ) throws(ProjectError) -> State? {
        guard let name = item.path.last else { return nil }
        let inner = State(
            included: included.advance(state.included, name),
            excluded: excluded.advance(state.excluded, name))
        try take(item, inner)
        return included.interest(inner.included) == .nothing ? nil : inner
    }

    private mutating func take(
        _ item: ProjectWalk.Item, _ state: State
    ) throws(ProjectError) {
        guard item.kind != .other else { return }
        let matched = included.matched(state.included)
        guard item.kind != .folder || includesFolders else {
            for pattern in matched { isOfFolder[pattern] = true }
            return
        }
        guard !matched.isEmpty, excluded.matched(state.excluded).isEmpty else { return }
        let text = item.path.joined(separator: "/")
        if item.kind == .link { try checkLink(text) }
        for pattern in matched { isUsed[pattern] = true }
        found.append(try relativePath(text))
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
