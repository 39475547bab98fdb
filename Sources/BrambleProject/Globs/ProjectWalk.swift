import BrambleModel

/// What a walk is to find, and what it does with it. `State` is what is known of a folder.
protocol WalkVisitor {
    associatedtype State

    /// Which names in a folder matter. Only those are looked at.
    func interest(in state: State) -> GlobMachine.Interest

    /// Takes what was found in a folder that has `state`.
    ///
    /// - Returns: The state of what was found, if that is a folder to go into.
    mutating func visit(
        _ item: ProjectWalk.Item, in state: State
    ) throws(ProjectError) -> State?
}

/// Goes through the folders of a project, in the order of the bytes of their names.
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

    private(set) var trace = WalkTrace()
    private var entryCount = 0

    /// Walks what is below a folder of the project.
    mutating func walk<Visitor: WalkVisitor>(
        _ root: String, from start: [String], _ state: Visitor.State, _ visitor: inout Visitor
    ) throws(ProjectError) {
        var rules: [IgnoreLevel] = []
        // Ignore files above the start hold below it too.
        for depth in start.indices {
            let path = Array(start[..<depth])
            let folder = try Folder(([root] + path).joined(separator: "/"))
            trace.note(ignoreFileOf: path, folder)
            if let above = try ignoreRules(folder, path) {
                rules.append(IgnoreLevel(depth: depth, rules: above))
            }
        }
        let folder = try Folder(([root] + start).joined(separator: "/"))
        try walk(folder, start, rules, state, &visitor)
    }

    private struct IgnoreLevel {
        var depth: Int
        var rules: IgnoreRules
    }

    private func ignoreRules(
        _ folder: borrowing Folder, _ path: [String]
    ) throws(ProjectError) -> IgnoreRules? {
        guard let bytes = try folder.read(IgnoreRules.fileName) else { return nil }
        return try IgnoreRules(bytes, path: (path + [IgnoreRules.fileName]).joined(separator: "/"))
    }

    private mutating func walk<Visitor: WalkVisitor>(
        _ folder: borrowing Folder, _ path: [String], _ outer: [IgnoreLevel],
        _ state: Visitor.State, _ visitor: inout Visitor
    ) throws(ProjectError) {
        let name = path.isEmpty ? "." : path.joined(separator: "/")
        guard path.count <= ProjectWalk.maximumDepth else {
            throw ProjectError(
                .limit, "`\(name)` is deeper than \(ProjectWalk.maximumDepth) folders")
        }
        trace.note(folder: path, try folder.stamp())
        trace.note(ignoreFileOf: path, folder)
        var rules = outer
        if let own = try ignoreRules(folder, path) {
            rules.append(IgnoreLevel(depth: path.count, rules: own))
        }
        for entry in try entries(folder, name, visitor.interest(in: state))
        where entry.name != ".git" {
            let item = Item(path: path + [entry.name], kind: entry.kind)
            let isFolder = entry.kind == .folder
            if isIgnored(item.path, isFolder, rules) { continue }
            let manifest = entry.name + "/" + ProjectLocation.manifestName
            if isFolder, folder.kind(of: manifest) != nil { continue }
            guard let inner = try visitor.visit(item, in: state), isFolder else { continue }
            try walk(Folder(entry.name, in: folder), item.path, rules, inner, &visitor)
        }
    }

    private mutating func entries(
        _ folder: borrowing Folder, _ name: String, _ interest: GlobMachine.Interest
    ) throws(ProjectError) -> [Folder.Entry] {
        var entries: [Folder.Entry] = []
        switch interest {
        case .nothing: break
        case .everything: entries = try folder.entries(name)
        case .names(let names):
            for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
                guard let kind = folder.kind(of: name) else { continue }
                entries.append(Folder.Entry(name: name, kind: kind))
            }
        }
        entryCount += entries.count
        guard entryCount <= ProjectWalk.maximumEntries else {
            throw ProjectError(
                .limit, "the project has more than \(ProjectWalk.maximumEntries) files here",
                hint: "narrow the pattern, or name folders in `\(IgnoreRules.fileName)`")
        }
        return entries
    }

    private func isIgnored(_ path: [String], _ isFolder: Bool, _ rules: [IgnoreLevel]) -> Bool {
        for level in rules.reversed() {
            let rest = Array(path[level.depth...])
            if let answer = level.rules.ignores(rest, isFolder: isFolder) { return answer }
        }
        return false
    }
}
