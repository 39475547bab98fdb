import BrambleModel
import BrambleStore

/// A derivation graph that a `derivation_output` has written: the file `graph.json` of its output.
/// Sources of derivations in it are files of that output.
struct GeneratedGraph {
    static let fileName = "graph.json"
    /// As for graphs from elsewhere.
    private static let maximumBytes = 256 << 20

    let graph: DerivationGraph
    let root: Derivation
    let sources: [DerivationHash: BuildGraph.Sources]
    /// What derivations name by paths in the store: they may use what their maker was given.
    let objects: [DerivationHash: [StoreName]]
    /// Whether it fetches something that only the lock says what it must be.
    let dependsOnLock: Bool

    /// - Parameters:
    ///   - object: What the maker wrote.
    ///   - given: What it could see: the closure of its inputs, and `object`.
    /// - Throws: `BuildFailure`, `StoreError`.
    init(
        _ maker: Derivation, _ object: StoreName, given: [StoreName], _ store: LocalStore
    ) throws {
        let operation = "cannot use what `\(maker.name)` wrote"
        graph = try GeneratedGraph.read(object, store, operation)
        guard let root = graph.onlyRoot else {
            throw BuildFailure(
                .graph, "\(operation): the graph has \(graph.roots.count) roots",
                hint: "name in `roots` the one derivation to build in its place")
        }
        if let output = maker.outputs.first(where: { !root.outputs.contains($0) }) {
            throw BuildFailure(
                .graph, "\(operation): its root `\(root.name)` has no output `\(output)`",
                hint: "give the root all outputs of the `derivation_output`")
        }
        self.root = root
        sources = try GeneratedGraph.sources(of: graph, in: object, store, operation)
        objects = try GeneratedGraph.objects(namedIn: graph, given: Set(given), operation)
        dependsOnLock = graph.derivations.contains { FetchFacts().isUnlocked($0) }
    }

    private static func read(
        _ object: StoreName, _ store: LocalStore, _ operation: String
    ) throws -> DerivationGraph {
        let tree = try store.readTree(of: object)
        let root = tree.directories[tree.root]
        guard let file = root?.files.first(where: { $0.name == fileName }) else {
            throw BuildFailure(
                .graph, "\(operation): there is no `\(fileName)` in its output",
                hint: "write the graph to `$out/\(fileName)`")
        }
        guard file.digest.sizeBytes <= maximumBytes else {
            throw BuildFailure(
                .graph,
                "\(operation): `\(fileName)` has \(file.digest.sizeBytes) bytes, and "
                    + "\(maximumBytes) are the limit")
        }
        // From the object, not from the blobs: names in it may have been replaced.
        let path = store.diskPath(of: object) + "/" + fileName
        do {
            return try DerivationGraph(json: try ObjectFile.read(path))
        } catch let error as ValidationError {
            let more = error.faults.count + error.omittedCount - 1
            let first = error.faults.first.map { "\($0.path): \($0.message)" } ?? "\(error)"
            throw BuildFailure(
                .graph,
                "\(operation): `\(fileName)`, \(first)" + (more > 0 ? ", and \(more) more" : ""),
                hint: error.faults.first?.hint)
        }
    }

    private static func objects(
        namedIn graph: DerivationGraph, given: Set<StoreName>, _ operation: String
    ) throws(BuildFailure) -> [DerivationHash: [StoreName]] {
        var objects: [DerivationHash: [StoreName]] = [:]
        for derivation in graph.derivations {
            let texts = [derivation.builder] + derivation.args + derivation.env.entries.map(\.value)
            let named = Set(texts.flatMap { StorePath.objects(namedIn: $0) })
            if let stranger = named.sorted().first(where: { !given.contains($0) }) {
                throw BuildFailure(
                    .graph,
                    "\(operation): `\(derivation.name)` names `\(StorePath(stranger))`, which its maker "
                        + "was not given",
                    hint:
                        "derivations that are made while building can use what their maker refers to"
                )
            }
            if !named.isEmpty { objects[derivation.hash] = named.sorted() }
        }
        return objects
    }

    private static func sources(
        of graph: DerivationGraph, in object: StoreName, _ store: LocalStore, _ operation: String
    ) throws -> [DerivationHash: BuildGraph.Sources] {
        let users = graph.derivations.filter { $0.sources != nil }
        guard !users.isEmpty else { return [:] }
        if let user = users.first(where: { $0.sources?.package != nil }) {
            throw BuildFailure(
                .graph, "\(operation): the sources of `\(user.name)` are of a package",
                hint: "sources of generated derivations are files of the output they are in")
        }
        let written = paths(in: try store.readTree(of: object))
        for user in users {
            for path in user.sources?.paths ?? [] where !written.contains(path.description) {
                throw BuildFailure(
                    .graph,
                    "\(operation): `\(path)`, a source of `\(user.name)`, is not in its output",
                    hint: "write sources beside `\(fileName)`; symlinks are not followed")
            }
        }
        let trees = try store.sourceTrees(
            store.diskPath(of: object), users.map { $0.sources?.paths ?? [] })
        return Dictionary(
            uniqueKeysWithValues: zip(users, trees).map { user, tree in
                (
                    user.hash,
                    BuildGraph.Sources(origin: .object(object), tree: tree.tree.root)
                )
            })
    }

    /// All paths of a tree. Nothing behind a symlink is among them: it may lead out of the object.
    private static func paths(in tree: Tree) -> Set<String> {
        var paths: Set<String> = []
        tree.forEachDirectory { path, directory in
            let prefix = path.isEmpty ? "" : path + "/"
            for name in directory.files.map(\.name) + directory.directories.map(\.name)
                + directory.symlinks.map(\.name)
            {
                paths.insert(prefix + name)
            }
        }
        return paths
    }
}
