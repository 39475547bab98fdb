import BrambleBuild
import BrambleModel
import BrambleStore

/// What a build of some targets has come to, by target.
struct WorkspaceBuild {
    /// What is to be built of what was evaluated.
    struct Request {
        let evaluation: Evaluation
        /// Sorted, each once.
        let wanted: [DerivationHash]
        /// Derivations that are wanted besides those of the evaluation.
        let extra: [Derivation]

        init(_ evaluation: Evaluation, wanted: [DerivationHash], extra: [Derivation] = []) {
            self.evaluation = evaluation
            self.wanted = Set(wanted + extra.map(\.hash)).sorted()
            self.extra = extra
        }

        /// What the graph is known by without reading it; the extra derivations are all wanted.
        var graphHash: ContentHash { evaluation.graphHash }

        func readGraph() throws(BrambleError) -> DerivationGraph {
            let graph = try evaluation.graph()
            guard !extra.isEmpty else { return graph }
            return try BrambleError.modelling("the graph") { () throws(ValidationError) in
                try DerivationGraph(graph.derivations + extra, roots: wanted)
            }
        }
    }

    let result: BuildResult
    /// The derivations that were asked for, as they were built.
    let wanted: [BuiltDerivation]

    init(_ request: Request, outcome: BuildOutcome, store: Store) {
        self.init(
            request, built: outcome.output.built, store: store,
            failures: outcome.failures.map {
                BuildResult.Failure(
                    derivation: $0.derivation, name: $0.name, failure: $0.failure)
            }, pending: outcome.pending)
    }

    init(
        _ request: Request, built: [BuiltDerivation], store: Store, wasUpToDate: Bool = false,
        failures: [BuildResult.Failure] = [], pending: [DerivationName] = []
    ) {
        let known = Dictionary(built.map { ($0.derivation, $0) }) { first, _ in first }
        let targets = request.evaluation.functions.map { function in
            BuildResult.Target(
                name: function.target,
                derivations: function.derivations.map { root in
                    BuildResult.Derivation(
                        hash: root.hash, name: root.name,
                        outputs: BuildResult.Output.all(of: known[root.hash], in: store))
                })
        }
        result = BuildResult(
            targets: targets, failures: failures, pending: pending,
            messages: request.evaluation.messages, wasUpToDate: wasUpToDate)
        wanted = request.wanted.compactMap { known[$0] }
    }

    /// The path of what a derivation's output turned out to be; nil if it was not built.
    func path(of reference: Reference) -> StorePath? {
        wanted.first { $0.derivation == reference.derivation }?
            .outputs.first { $0.output == reference.output }?.path
    }
}

extension Evaluation {
    /// What `build` builds: what was returned, and what runs need; tests are built by testing.
    var buildable: [DerivationHash] {
        functions.flatMap { function in
            function.derivations.map(\.hash)
                + function.runs.flatMap { [$0.derivation] + $0.references.map(\.derivation) }
        }
    }
}

extension ModuleOutput.Run {
    /// The outputs that its command and arguments name.
    var references: [Reference] {
        // Texts that hold almost a reference were refused when they were evaluated.
        ([cmd] + args).flatMap { ((try? Reference.scan($0)) ?? []).map(\.reference) }
    }
}

extension BuildResult.Output {
    static func all(of built: BuiltDerivation?, in store: Store) -> [BuildResult.Output] {
        (built?.outputs ?? []).map { output in
            BuildResult.Output(
                name: output.output, path: output.path,
                diskPath: store.local.diskPath(of: output.name))
        }
    }
}
