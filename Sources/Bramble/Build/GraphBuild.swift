import BrambleBuild
import BrambleModel
import BrambleProject
import BrambleSandbox
import BrambleStore

/// Builds a graph: of a project, of another front end, or of another machine. What comes before
/// (evaluation) and after (lock file, roots) is the caller's.
struct GraphBuild {
    /// Where the contents of sources come from.
    enum Sources {
        /// Folders of this machine.
        case folders(SourceFolders)
        /// Who asked for the build.
        case given(SourceProvider)
    }

    let store: LocalStore
    let settings: BuildSettings
    let sources: Sources
    /// What runs builders here, if it is shared with other builds.
    var executor: (any Executor)?
    /// Which files of this machine may be fetched.
    var files = FileAccess.all
    let report: @Sendable (BuildEvent) -> Void

    init(
        store: LocalStore, settings: BuildSettings, sources: Sources,
        report: @escaping @Sendable (BuildEvent) -> Void
    ) {
        self.store = store
        self.settings = settings
        self.sources = sources
        self.report = report
    }

    /// - Throws: `configuration`, `files`, `sandbox`, `remote`, `notAuthorised`, `interrupted`.
    func run(_ input: BuildInput) async throws(BrambleError) -> BuildOutcome {
        var fetching = try UserConfiguration.fetchOptions(settings)
        fetching.files = files
        let (options, remote) = (fetching, try UserConfiguration.remoteSettings(settings))
        do {
            if remote.builder != nil { return try await runElsewhere(input, remote) }
            let folder = try store.newWorkFolder()
            return try await Fetcher.with(options, clock: .system, folder: folder) { fetcher in
                try await lending(remote) { machines in
                    try await Builder(services(fetcher, machines), self.options(machines))
                        .build(input)
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

    /// Has another machine do it all.
    private func runElsewhere(
        _ input: BuildInput, _ remote: RemoteSettings
    ) async throws -> BuildOutcome {
        guard case .folders(let folders) = sources else {
            preconditionFailure("a build of another machine is passed on")
        }
        let trees = try folders.trees(of: input.graph, in: store)
        let found = Set(
            trees.map { BuildInput.SourceTree(derivation: $0.derivation, tree: $0.root) })
        guard found.isSuperset(of: input.sources) else {
            throw BrambleError(.files, "the sources have changed since the build has begun")
        }
        let order = BuildOrder(input, BuildOrder.Wishes(settings), report: report)
        return try await lending(remote) { machines in
            guard let build = machines.builder else {
                throw BrambleError(.remote, "nobody here can talk to other machines")
            }
            return try await build(order, trees.map(\.tree))
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
        options.limits = settings.limits
        return options
    }

    /// - Throws: `sandbox`.
    static func localExecutor(_ store: LocalStore) throws(BrambleError) -> LocalExecutor {
        do throws(SandboxError) {
            let launcher = try SandboxLauncher()
            // Most that is built is built in a sandbox.
            launcher.prepare()
            return LocalExecutor(
                launcher, store, processors: HostProcessors.count, mayBlock: true)
        } catch {
            throw BrambleError(.sandbox, error.message, hint: error.hint)
        }
    }

    private func services(
        _ fetcher: Fetcher, _ machines: RemoteMachines
    ) throws(BrambleError) -> BuildServices {
        let executor: any Executor
        if let given = machines.executor ?? self.executor {
            executor = given
        } else {
            executor = try GraphBuild.localExecutor(store)
        }
        return BuildServices(
            store: store, executor: executor, fetcher: fetcher,
            substituter: machines.cache.map {
                Substituter($0, store, publishes: machines.uploads)
            },
            provideSources: provideSources, report: report)
    }

    private var provideSources: SourceProvider {
        let store = store
        switch sources {
        case .given(let provide): return provide
        case .folders(let folders):
            return { (derivation, tree) throws(StoreError) in
                guard let sources = derivation.sources,
                    let folder = try? folders.folder(of: sources.package)
                else { throw StoreError(.notFound, "the sources of `\(derivation.name)` are gone") }
                return try store.addSources(folder, paths: sources.paths, expecting: tree).name
            }
        }
    }
}

extension BuildOrder.Wishes {
    fileprivate init(_ settings: BuildSettings) {
        self.init()
        keepsGoing = settings.keepsGoing
        rebuilds = settings.rebuilds
        checks = settings.checks
        isOffline = settings.isOffline
        limits = settings.limits
    }
}

extension BuildSettings {
    /// What each builder may use.
    var limits: BuildLimits {
        get {
            var limits = BuildLimits()
            limits.timeout = timeout
            limits.maximumSilence = maximumSilence
            limits.memoryBytes = memoryBytes
            limits.outputBytes = outputBytes
            return limits
        }
        set {
            timeout = newValue.timeout
            maximumSilence = newValue.maximumSilence
            memoryBytes = newValue.memoryBytes
            outputBytes = newValue.outputBytes
        }
    }
}
