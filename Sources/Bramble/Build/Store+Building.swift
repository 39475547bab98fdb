import BrambleBuild
public import BrambleModel
import BrambleProject
import BrambleStore

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
            store: local, settings: settings, sources: .folders(folders), report: report
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
            }, pending: outcome.pending, messages: [], wasUpToDate: false)
    }

    /// Makes a symbolic link to the one output of a build, and keeps that as long as the link is
    /// there. A link that is there already is replaced, anything else is not.
    ///
    /// - Throws: `usage` if there are several outputs, `wouldChange` if something else is there.
    public func link(_ result: BuildResult, at path: String) throws(BrambleError) {
        let outputs = result.targets.flatMap(\.derivations).flatMap(\.outputs)
        guard let output = outputs.first, outputs.count == 1 else {
            throw BrambleError(
                .usage, "there are \(outputs.count) outputs, and a link leads to one",
                hint: "name one target with one output")
        }
        let place = try OutputLink.make(at: path, to: output.diskPath)
        try BrambleError.storing { () throws(StoreError) in
            try local.setRoot(StoreRoot(.link, owner: place, objects: [output.path.name]))
        }
    }
}
