import BrambleModel
import BrambleProject
import BrambleStore

/// Where the sources of derivations are on this machine: the folders of the project and of the
/// packages that it depends on.
struct SourceFolders: Sendable {
    /// The folder of what has no package.
    let project: String
    let packages: [PackageName: String]

    func folder(of package: PackageName?) throws(BrambleError) -> String {
        guard let package else { return project }
        guard let folder = packages[package] else {
            throw BrambleError(
                .configuration, "there is no package `\(package)` to take sources from",
                hint: "name it in `[dependencies]` of `bramble.toml`")
        }
        return folder
    }

    /// The digests of the sources of all derivations of a graph.
    ///
    /// - Throws: `configuration` for files that are not there, or that no store can hold.
    func digests(
        of graph: DerivationGraph, in store: LocalStore
    ) throws(BrambleError) -> [BuildInput.SourceTree] {
        try trees(of: graph, in: store).map {
            BuildInput.SourceTree(derivation: $0.derivation, tree: $0.root)
        }
    }

    /// The sources of a derivation, as they were looked at.
    struct Tree {
        let derivation: DerivationHash
        let tree: SourceTree

        var root: Digest { tree.tree.root }
    }

    /// The sources of all derivations of a graph.
    ///
    /// - Throws: As `digests`.
    func trees(
        of graph: DerivationGraph, in store: LocalStore
    ) throws(BrambleError) -> [Tree] {
        var users: [PackageName?: [Derivation]] = [:]
        for derivation in graph.derivations {
            guard let sources = derivation.sources else { continue }
            users[sources.package, default: []].append(derivation)
        }
        var result: [Tree] = []
        for (package, derivations) in users {
            let folder = try folder(of: package)
            let sets = derivations.map { $0.sources?.paths ?? [] }
            let trees = try SourceFolders.reading { () throws(StoreError) in
                try store.sourceTrees(folder, sets)
            }
            for (derivation, tree) in zip(derivations, trees) {
                result.append(Tree(derivation: derivation.hash, tree: tree))
            }
        }
        return result
    }

    /// What is wrong with a source is the project's fault, not the store's.
    private static func reading<Result>(
        _ body: () throws(StoreError) -> Result
    ) throws(BrambleError) -> Result {
        do throws(StoreError) {
            return try body()
        } catch {
            switch error.code {
            case .notFound, .unsupported: throw BrambleError(.configuration, error.message)
            case .system, .database, .indexLost, .corrupt, .cycle, .incompatible, .malformed,
                .unreachable, .forbidden:
                throw BrambleError(error)
            }
        }
    }
}
