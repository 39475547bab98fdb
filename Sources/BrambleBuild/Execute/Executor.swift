package import BrambleModel
package import BrambleSandbox
import BrambleStore

/// A derivation to be run: all that it depends on is in the store.
package struct BuildJob: Sendable {
    package let resolved: ResolvedDerivation
    /// The program to run and its arguments: those of the derivation, or of its `args` for
    /// `derivation_output`.
    package let command: [String]
    /// The outputs to make.
    package let outputs: [OutputName]
    /// All objects that the builder sees: the closure of its inputs.
    package let closure: [StoreName]
    /// The object with the sources.
    package let sources: StoreName?
    package let limits: BuildLimits
    /// What is changed to see whether it shows in the outputs.
    package let variation: SandboxVariation
    /// Whether it is to be run even if somebody knows a result of an earlier run.
    package let isFresh: Bool

    package init(
        resolved: ResolvedDerivation, command: [String], outputs: [OutputName],
        closure: [StoreName], sources: StoreName?, limits: BuildLimits,
        variation: SandboxVariation, isFresh: Bool
    ) {
        self.resolved = resolved
        self.command = command
        self.outputs = outputs
        self.closure = closure
        self.sources = sources
        self.limits = limits
        self.variation = variation
        self.isFresh = isFresh
    }
}

/// What a builder has left when it ended well.
package struct Execution: Sendable {
    /// For each output the directory on this machine that holds it.
    package let directories: [OutputName: String]
    package let duration: Duration

    package init(directories: [OutputName: String], duration: Duration) {
        self.directories = directories
        self.duration = duration
    }
}

/// Where derivations are run: in a sandbox of this machine, or on other ones.
package protocol Executor: Sendable {
    /// Who runs them: this machine, or others.
    var means: BuildEvent.Means { get }

    /// Runs a builder to its end.
    ///
    /// - Parameters:
    ///   - folder: An empty folder for whatever is made, outputs included; the caller removes it.
    ///   - line: Gets the lines of the log, from any thread.
    /// - Throws: `BuildFailure` if there are no outputs; `CancellationError`.
    func run(
        _ job: BuildJob, in folder: String, line: @escaping @Sendable (String) -> Void
    ) async throws -> Execution
}

extension BuildFailure: Error {}
