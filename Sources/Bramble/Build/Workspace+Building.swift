import BrambleBuild
public import BrambleModel
import BrambleProject
import BrambleStore

extension Workspace {
    /// Builds targets: evaluates them, takes in their sources, builds what is not there, locks what
    /// was learned, and keeps the results from being collected.
    ///
    /// - Parameters:
    ///   - targets: As on the command line.
    ///   - evaluated: Gets what is to be built, before that begins.
    ///   - report: Gets what happens, from any thread.
    /// - Returns: Also if something failed.
    /// - Throws: What `evaluate` throws; mistakes in the lock file and the user's configuration
    ///   (`configuration`); `lock` if the lock file would have to change and may not; `files`;
    ///   `sandbox`; `interrupted`.
    public func build(
        _ targets: [String], in store: Store, _ settings: BuildSettings,
        cancellation: Cancellation = Cancellation(),
        evaluated: @escaping @Sendable (Evaluation) -> Void = { _ in },
        report: @escaping @Sendable (BuildEvent) -> Void
    ) async throws(BrambleError) -> BuildResult {
        let evaluation = try evaluate(targets, cancellation: cancellation)
        evaluated(evaluation)
        let request = WorkspaceBuild.Request(evaluation, wanted: evaluation.buildable)
        return try await build(request, in: store, settings, report: report).result
    }

    /// Builds some of what an evaluation has found.
    func build(
        _ request: WorkspaceBuild.Request, in store: Store, _ settings: BuildSettings,
        report: @escaping @Sendable (BuildEvent) -> Void
    ) async throws(BrambleError) -> WorkspaceBuild {
        // Mistakes are told whether or not there is anything to do.
        try UserConfiguration.check(settings)
        let locked = try readLocks(request.evaluation)
        let isAskedAnew = settings.rebuilds || settings.checks > 0
        if !isAskedAnew, let known = try finishedBuild(request, locked, store) {
            return WorkspaceBuild(request, built: known.built, store: store, wasUpToDate: true)
        }
        let graph = try request.readGraph()
        let folders = sourceFolders(request.evaluation)
        let sources = try FinishedBuild.Source.all(of: graph, folders)
        let input = try input(graph, request.wanted, folders, locked.all, store)
        let outcome = try await GraphBuild(
            store: store.local, settings: settings, sources: .folders(folders), report: report
        ).run(input)
        if settings.isDryRun { return WorkspaceBuild(request, outcome: outcome, store: store) }
        let newLock = try update(locked.own, with: outcome.output, settings)
        let built = WorkspaceBuild(request, outcome: outcome, store: store)
        try setRoots(built.result, store)
        try BuildHistory(location.root, store.local).note(request, input)
        if outcome.isSuccess, outcome.isRepeatable || newLock != locked.own {
            let finished = FinishedBuild(sources: sources, built: built.wanted)
            try BrambleError.storing { () throws(StoreError) in
                try finished.keep(
                    finishedKey(request, locked.with(own: newLock)), in: store.local)
            }
        }
        return built
    }

    private func finishedBuild(
        _ request: WorkspaceBuild.Request, _ locked: LockedFacts, _ store: Store
    ) throws(BrambleError) -> FinishedBuild? {
        try BrambleError.storing { () throws(StoreError) in
            try FinishedBuild.find(finishedKey(request, locked), in: store.local)
        }
    }

    private func finishedKey(
        _ request: WorkspaceBuild.Request, _ locked: LockedFacts
    ) -> FinishedBuild.Request {
        FinishedBuild.Request(
            root: location.root, wanted: request.wanted, graph: request.graphHash,
            facts: ContentHash(of: Array(locked.all.text.utf8)))
    }

    func input(
        _ graph: DerivationGraph, _ wanted: [DerivationHash], _ folders: SourceFolders,
        _ lock: Lockfile, _ store: Store
    ) throws(BrambleError) -> BuildInput {
        let part = try BrambleError.modelling("the build") { () throws(ValidationError) in
            try graph.closure(of: wanted)
        }
        let digests = try folders.digests(of: part, in: store.local)
        return try BrambleError.modelling("the build") { () throws(ValidationError) in
            try BuildInput(
                graph: part, wanted: wanted, sources: digests, urlHashes: lock.urlHashes,
                gitPins: lock.gitPins)
        }
    }

    /// The folders of the sources of what was evaluated.
    func sourceFolders(_ evaluation: Evaluation) -> SourceFolders {
        SourceFolders(
            project: location.root,
            packages: Dictionary(
                uniqueKeysWithValues: evaluation.packages.map { ($0.name, $0.folder) }))
    }

    // MARK: The lock file

    /// Writes what was learned, also by a build that failed: it is true all the same.
    private func update(
        _ lock: Lockfile, with output: BuildOutput, _ settings: BuildSettings
    ) throws(BrambleError) -> Lockfile {
        guard !output.newURLHashes.isEmpty || !output.newGitPins.isEmpty else { return lock }
        let mode = LockMode(
            locked: settings.isLocked, offline: settings.isOffline, frozen: false)
        return try locking { () throws(Lockfile.UpdateFailure) in
            try Lockfile.update(
                in: location.root, urlHashes: output.newURLHashes, gitPins: output.newGitPins,
                mode: mode)
        }
    }

    func locking(
        _ body: () throws(Lockfile.UpdateFailure) -> Lockfile
    ) throws(BrambleError) -> Lockfile {
        do throws(Lockfile.UpdateFailure) {
            return try body()
        } catch {
            switch error {
            case .unreadable(let list): throw BrambleError(list)
            case .files(let failure): throw BrambleError(failure)
            case .isLocked:
                throw BrambleError(
                    .lock, "`\(Lockfile.fileName)` would have to change, and is locked",
                    hint: "build without `--locked` once, and commit the file")
            case .mismatch(let mismatch):
                throw BrambleError(
                    .lock,
                    "`\(Lockfile.fileName)` says that `\(mismatch.subject)` is "
                        + "`\(mismatch.expected)`, and it is `\(mismatch.actual)`",
                    hint: "if the change is expected, remove the line from the file")
            }
        }
    }

    /// Keeps what was built for a target until it is built anew.
    private func setRoots(_ result: BuildResult, _ store: Store) throws(BrambleError) {
        for target in result.targets {
            let names = target.derivations.flatMap(\.outputs).map(\.path.name)
            guard !names.isEmpty else { continue }
            try BrambleError.storing { () throws(StoreError) in
                try store.local.setRoot(
                    StoreRoot(.target, owner: "\(target.name) of \(location.root)", objects: names))
            }
        }
    }
}
