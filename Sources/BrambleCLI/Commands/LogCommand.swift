import ArgumentParser
import Bramble
import BrambleModel

/// `bramble log TARGET`
struct LogCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Show what the last build of a target has printed.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var evaluation: EvaluationOptions

    @Argument(help: .init("A target, or the hash of a derivation.", valueName: "target"))
    var target: String

    func run(_ console: Console) throws -> ExitStatus {
        let store = try console.openStore()
        for derivation in try derivations(console) {
            let log = try store.log(of: derivation)
            if let failure = log.failure { console.warn("this build failed: \(failure.message)") }
            try store.read(log) { console.write($0) }
        }
        return .success
    }

    private func derivations(_ console: Console) throws -> [DerivationHash] {
        if let hash = try? DerivationHash(target) { return [hash] }
        let evaluation = try Workspace(global, evaluation).evaluate([target], console)
        let found = evaluation.functions.flatMap { function in
            function.derivations.map(\.hash) + function.tests.map(\.derivation)
                + function.runs.map(\.derivation)
        }
        guard !found.isEmpty else {
            throw BrambleError(.nothingMatched, "the target `\(target)` has no derivations")
        }
        return found
    }
}
