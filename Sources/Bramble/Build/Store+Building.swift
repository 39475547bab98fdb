import BrambleBuild
public import BrambleModel
import BrambleProject

extension Store {
    /// Builds a graph that another front end has written.
    ///
    /// - Parameters:
    ///   - folder: Where the paths of its sources begin; absolute.
    ///   - report: Gets what happens, from any thread.
    /// - Returns: Also if something failed; each root is a target.
    /// - Throws: As `Workspace.build`.
    public func build(
        _ file: GraphFile, sourcesIn folder: String, _ settings: BuildSettings,
        report: @escaping @Sendable (BuildEvent) -> Void
    ) async throws(BrambleError) -> BuildResult {
        let graph = try file.graph()
        let folders = SourceFolders(project: folder, packages: [:])
        let sources = try folders.digests(of: graph, in: local)
        let input = try BrambleError.modelling(file.name) { () throws(ValidationError) in
            try BuildInput(graph: graph, sources: sources)
        }
        let outcome = try await GraphBuild(
            store: local, settings: settings, folders: folders, lock: Lockfile(), report: report
        ).run(input)
        let targets = graph.roots.map { hash in
            BuildResult.Target(
                name: hash.description,
                derivations: graph[hash].map { root in
                    [
                        BuildResult.Derivation(
                            hash: hash, name: root.name,
                            outputs: BuildResult.Output.all(
                                of: outcome.output[hash], in: self))
                    ]
                } ?? [])
        }
        return BuildResult(
            targets: targets,
            failures: outcome.failures.map {
                BuildResult.Failure(
                    derivation: $0.derivation, name: $0.name, failure: $0.failure)
            }, wasUpToDate: false)
    }
}
