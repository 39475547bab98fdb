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
        let launcher: SandboxLauncher
        do throws(SandboxError) {
            launcher = try SandboxLauncher()
        } catch {
            throw BrambleError(.sandbox, error.message, hint: error.hint)
        }
        let fetching = try UserConfiguration.fetchOptions(settings)
        do {
            let folder = try store.newWorkFolder()
            return try await Fetcher.with(fetching, clock: .system, folder: folder) { fetcher in
                try await Builder(services(launcher, fetcher), options).build(input)
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

    private var options: BuildOptions {
        var options = BuildOptions(jobs: settings.jobs ?? HostProcessors.count)
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

    private func services(_ launcher: SandboxLauncher, _ fetcher: Fetcher) -> BuildServices {
        let (store, folders) = (store, folders)
        return BuildServices(
            store: store,
            executor: LocalExecutor(launcher, store, processors: HostProcessors.count),
            fetcher: fetcher,
            provideSources: { (derivation, tree) throws(StoreError) in
                guard let sources = derivation.sources,
                    let folder = try? folders.folder(of: sources.package)
                else { throw StoreError(.notFound, "the sources of `\(derivation.name)` are gone") }
                return try store.addSources(folder, paths: sources.paths, expecting: tree).name
            },
            report: report)
    }
}
