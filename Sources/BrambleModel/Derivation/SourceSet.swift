/// The files that a build sees: which ones, not what is in them.
public struct SourceSet: Hashable, Sendable {
    /// The package whose directory the paths start from; nil for the project that is evaluated.
    public let package: PackageName?
    /// The directory of the project in which the builder starts; nil for the project's own.
    public let base: RelativePath?
    /// Files, directories and symlinks from the project's directory: sorted by bytes, each once.
    public let paths: [RelativePath]

    /// - Parameter paths: In any order.
    public init(
        package: PackageName? = nil, base: RelativePath? = nil,
        paths: some Sequence<RelativePath>
    ) {
        self.package = package
        self.base = base
        let given = Array(paths)
        if zip(given, given.dropFirst()).allSatisfy(<) {
            self.paths = given
        } else {
            self.paths = given.sorted().reduce(into: []) { unique, path in
                if unique.last != path { unique.append(path) }
            }
        }
    }
}
