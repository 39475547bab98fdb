package import BrambleModel
import BrambleStore

/// Builds derivations: a graph in, events while it goes on, outputs in the store (DESIGN, "Anatomy",
/// step 6). It knows no project, no package, no language.
package struct Builder: Sendable {
    let services: BuildServices
    let options: BuildOptions

    package init(_ services: BuildServices, _ options: BuildOptions) {
        self.services = services
        self.options = options
    }

    /// Builds what is wanted, with all that it needs. Cancelled, it stops what runs, and leaves what
    /// was built.
    ///
    /// - Returns: Also of a build in which something failed.
    /// - Throws: `StoreError` if the store cannot be read; `CancellationError`.
    ///
    /// It leaves the actor of whoever calls it, as it runs on threads that block.
    @concurrent
    package func build(_ input: BuildInput) async throws -> BuildOutcome {
        // One thread for each job within reason, and one for the loop.
        let threads = BuildThreads(
            maximumCount: min(options.jobs, BuildOptions.maximumThreads) + options.fetchJobs + 1)
        defer { threads.end() }
        return try await withTaskExecutorPreference(threads) {
            let run = BuildRun(services, options)
            return try await run.build(input)
        }
    }
}
