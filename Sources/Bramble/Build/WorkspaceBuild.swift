import BrambleBuild
import BrambleModel
import BrambleStore

/// What a build of some targets has come to, by target.
struct WorkspaceBuild {
    let result: BuildResult
    /// The derivations that were asked for, as they were built.
    let wanted: [BuiltDerivation]

    init(_ evaluation: Evaluation, outcome: BuildOutcome, store: Store) {
        self.init(
            evaluation, built: outcome.output.built, store: store,
            failures: outcome.failures.map {
                BuildResult.Failure(
                    derivation: $0.derivation, name: $0.name, failure: $0.failure)
            })
    }

    init(
        _ evaluation: Evaluation, built: [BuiltDerivation], store: Store, wasUpToDate: Bool = false,
        failures: [BuildResult.Failure] = []
    ) {
        let known = Dictionary(built.map { ($0.derivation, $0) }) { first, _ in first }
        let targets = evaluation.functions.map { function in
            BuildResult.Target(
                name: function.target,
                derivations: function.derivations.map { root in
                    BuildResult.Derivation(
                        hash: root.hash, name: root.name,
                        outputs: BuildResult.Output.all(of: known[root.hash], in: store))
                })
        }
        result = BuildResult(targets: targets, failures: failures, wasUpToDate: wasUpToDate)
        let hashes = evaluation.functions.flatMap { function in
            function.derivations.map(\.hash) + function.runs.map(\.derivation)
                + function.tests.map(\.derivation)
        }
        wanted = Set(hashes).sorted().compactMap { known[$0] }
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
