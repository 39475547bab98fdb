import BrambleBuild
import BrambleModel
import BrambleProject
import BrambleSandbox
import BrambleStore

/// Builds a graph whose sources are on this machine: from a project, or from another front end. What
/// comes before (evaluation) and after (lock file, roots) is the caller's.
struct GraphBuild {
    let store: LocalStore
    let settings: BuildSettings
    let folders: SourceFolders
    let report: @Sendable (BuildEvent) -> Void

    /// - Throws: `configuration`, `files`, `sandbox`, `interrupted`.
    func run(_ input: BuildInput) async throws(BrambleError) -> BuildOutcome {
        let fetching = try UserConfiguration.fetchOptions(settings)
        let remote = try UserConfiguration.remoteSettings(settings)
        do {
            let folder = try store.newWorkFolder()
            return try await Fetcher.with(fetching, clock: .system, folder: folder) { fetcher in
                try await lending(remote) { machines in
                    try await Builder(services(fetcher, machines), options(machines)).build(input)
                }
            }
        } catch let error as BrambleError {
            throw error
        } catch let error as StoreError {
            throw BrambleError(error)
        } catch is CancellationError {
            throw BrambleError(.interrupted, "interrupted")
        } catch {
            throw BrambleError(.files, "\(error)")
        }
    }

    /// Runs the build with what other machines lend to it.
    private func lending(
        _ remote: RemoteSettings,
        _ body: @escaping @Sendable (RemoteMachines) async throws -> BuildOutcome
    ) async throws -> BuildOutcome {
        guard !remote.isEmpty, let lending = settings.lending else {
            return try await body(RemoteMachines())
        }
        let report = report
        return try await remote.lending(
            lending, store,
            { report(.warned(message: $0 + "; the build goes on without it")) }, body)
    }

    /// Builders on other machines at once: engines have queues of their own, and this is what keeps
    /// theirs filled.
    private static let remoteJobs = 200

    private func options(_ machines: RemoteMachines) -> BuildOptions {
        let usual = machines.executor == nil ? HostProcessors.count : GraphBuild.remoteJobs
        var options = BuildOptions(jobs: settings.jobs ?? usual)
        options.keepsGoing = settings.keepsGoing
        options.rebuilds = settings.rebuilds
        options.checks = settings.checks
        options.isDryRun = settings.isDryRun
        options.limits.timeout = settings.timeout
        options.limits.maximumSilence = settings.maximumSilence
        options.limits.memoryBytes = settings.memoryBytes
        options.limits.outputBytes = settings.outputBytes
        return options
    }

    private func localExecutor() throws(BrambleError) -> LocalExecutor {
        do throws(SandboxError) {
            return LocalExecutor(
                try SandboxLauncher(), store, processors: HostProcessors.count, mayBlock: true)
        } catch {
            throw BrambleError(.sandbox, error.message, hint: error.hint)
        }
    }

    private func services(
        _ fetcher: Fetcher, _ machines: RemoteMachines
    ) throws(BrambleError) -> BuildServices {
        let (store, folders) = (store, folders)
        let executor: any Executor
        if let remote = machines.executor {
            executor = remote
        } else {
            executor = try localExecutor()
        }
        return BuildServices(
            store: store, executor: executor, fetcher: fetcher,
            substituter: machines.cache.map {
                Substituter($0, store, publishes: machines.uploads)
            },
            provideSources: { (derivation, tree) throws(StoreError) in
                guard let sources = derivation.sources,
                    let folder = try? folders.folder(of: sources.package)
                else { throw StoreError(.notFound, "the sources of `\(derivation.name)` are gone") }
                return try store.addSources(folder, paths: sources.paths, expecting: tree).name
            },
            report: report)
    }
}
