/// What a program may use of the machine, besides what it was built with.
public struct RunGrants: Sendable {
    /// Paths that it may read and write; absolute.
    public var paths: [String] = []
    public var readOnlyPaths: [String] = []
    /// Paths below those that it may not see.
    public var hiddenPaths: [String] = []
    public var sharesNetwork = false

    public init() {}

    /// All that either grants.
    func merging(_ other: RunGrants) -> RunGrants {
        var result = self
        result.paths += other.paths
        result.readOnlyPaths += other.readOnlyPaths
        result.hiddenPaths += other.hiddenPaths
        result.sharesNetwork = sharesNetwork || other.sharesNetwork
        return result
    }
}
