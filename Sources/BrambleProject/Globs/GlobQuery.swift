package import BrambleModel

/// One call of `files`: what is looked for, so that an evaluation cache can ask again.
package struct GlobQuery: Hashable, Codable, Sendable {
    /// The folder of the file that calls, by components from the project's root.
    package var base: [String]
    package var include: [String]
    package var exclude: [String]
    package var includesFolders: Bool
    package var allowsEmpty: Bool

    package init(
        base: [String], include: [String], exclude: [String] = [], includesFolders: Bool = false,
        allowsEmpty: Bool = false
    ) {
        self.base = base
        self.include = include
        self.exclude = exclude
        self.includesFolders = includesFolders
        self.allowsEmpty = allowsEmpty
    }

    /// What it found.
    package struct Result: Sendable {
        /// Sorted by bytes, each once.
        package let paths: [RelativePath]
        /// What was looked at on the way.
        package let trace: WalkTrace
    }

    /// Looks.
    ///
    /// - Parameter root: The project's folder, absolute and without symbolic links.
    /// - Throws: `ProjectError`: `configuration`, `outside`, `nothingMatched`, `limit`, `inputOutput`.
    package func run(in root: String) throws(ProjectError) -> Result {
        let included = try include.map { text throws(ProjectError) in try anchored(text) }
        let excluded = try exclude.map { text throws(ProjectError) in try anchored(text) }
        var search = GlobSearch(
            root: root, included: included, excluded: excluded, includesFolders: includesFolders)
        let result = try search.run()
        if !allowsEmpty, let unused = search.isUsed.firstIndex(of: false) {
            throw nothingMatched(include[unused], isOfFolder: search.isOfFolder[unused])
        }
        return result
    }

    private func nothingMatched(_ pattern: String, isOfFolder: Bool) -> ProjectError {
        let folder = base.isEmpty ? "." : base.joined(separator: "/")
        guard isOfFolder else {
            return ProjectError(
                .nothingMatched, "`\(pattern)` matches nothing in `\(folder)`",
                hint: "correct the pattern, or pass `allow_empty=True` if that is meant")
        }
        let whole = pattern.hasSuffix("/") ? pattern + "**" : pattern + "/**"
        return ProjectError(
            .nothingMatched, "`\(pattern)` matches no file in `\(folder)`, only a directory",
            hint: "`\(whole)` stands for all files below it")
    }

    /// A pattern from the project's root.
    private func anchored(_ text: String) throws(ProjectError) -> GlobSearch.Pattern {
        _ = try GlobPattern(text)
        var folders = base
        var rest: [Substring] = []
        for part in text.split(separator: "/") where part != "." {
            if part != ".." {
                rest.append(part)
                continue
            }
            guard rest.isEmpty else {
                throw ProjectError(
                    .configuration, "`..` stands behind another component in `\(text)`",
                    hint: "`..` stands at the start only")
            }
            guard folders.popLast() != nil else {
                throw ProjectError(
                    .outside, "`\(text)` leads out of the project",
                    hint: "copy the files into the project, or fetch them with a derivation")
            }
        }
        return (
            folders: folders,
            glob: try GlobPattern(rest.isEmpty ? "**" : rest.joined(separator: "/"))
        )
    }
}
