import BrambleBuild
public import BrambleModel
import BrambleProject
import BrambleStore

extension Workspace {
    /// What the lock file should say of all that the project's targets fetch.
    ///
    /// - Throws: As `evaluate`; mistakes in the lock file (`configuration`).
    public func checkLock(
        cancellation: Cancellation = Cancellation()
    ) throws(BrambleError) -> LockReport {
        let evaluation = try evaluate(["./..."], cancellation: cancellation)
        return LockNeeds(try evaluation.graph()).report(try readLocks(evaluation))
    }

    /// Fetches what is not locked yet, and locks it; what no target fetches any more is removed.
    ///
    /// - Parameters:
    ///   - evaluated: Gets what the project has, before anything is fetched.
    ///   - updates: URLs that are to be fetched and locked anew, whatever is locked.
    /// - Returns: What was built for it; and whether the file has changed.
    /// - Throws: As `build`; `nothingMatched` for an update of what nothing fetches.
    public func lock(
        updating updates: [String], in store: Store, _ settings: BuildSettings,
        cancellation: Cancellation = Cancellation(),
        evaluated: @escaping @Sendable (Evaluation) -> Void = { _ in },
        report: @escaping @Sendable (BuildEvent) -> Void
    ) async throws(BrambleError) -> (result: BuildResult, hasChanged: Bool) {
        let evaluation = try evaluate(["./..."], cancellation: cancellation)
        evaluated(evaluation)
        let graph = try evaluation.graph()
        let needs = LockNeeds(graph)
        let locked = try readLocks(evaluation)
        for url in updates where !needs.hasURL(url) {
            throw BrambleError(
                .nothingMatched, "no target fetches `\(url)`",
                hint: "`bramble lock --check` lists what is locked and not used")
        }
        let kept = locked.with(own: needs.kept(locked.own, without: Set(updates)))
        let known = needs.kept(kept.all, without: Set(updates))
        let wanted = needs.missing(known)
        let folders = sourceFolders(evaluation)
        let outcome = try await GraphBuild(
            store: store.local, settings: settings, sources: .folders(folders), report: report
        ).run(try input(graph, wanted, folders, known, store))
        let new = try Workspace.merge(kept.own, outcome.output)
        if outcome.failures.isEmpty, new != locked.own {
            try BrambleError.catching { () throws(ProjectError) in
                try new.write(in: location.root)
            }
        }
        let request = WorkspaceBuild.Request(evaluation, wanted: wanted)
        return (WorkspaceBuild(request, outcome: outcome, store: store).result, new != locked.own)
    }

    private static func merge(
        _ lock: Lockfile, _ output: BuildOutput
    ) throws(BrambleError) -> Lockfile {
        do throws(Lockfile.Mismatch) {
            return try lock.merging(urlHashes: output.newURLHashes, gitPins: output.newGitPins)
        } catch {
            throw BrambleError(
                .lock, "`\(error.subject)` is `\(error.expected)`, and then `\(error.actual)`")
        }
    }
}

/// What a graph fetches that a lock file has to say something about.
private struct LockNeeds {
    private struct Need {
        let derivation: DerivationHash
        let key: LockKey
    }

    /// What a line of a lock file is about.
    private enum LockKey: Hashable {
        case url(SourceURL)
        case git(SourceURL, reference: String)

        var url: SourceURL {
            switch self {
            case .url(let url), .git(let url, _): url
            }
        }

        var text: String {
            switch self {
            case .url(let url): "\(url)"
            case .git(let url, let reference): "\(url)#\(reference)"
            }
        }
    }

    private var needs: [Need] = []

    init(_ graph: DerivationGraph) {
        for derivation in graph.derivations {
            switch derivation.kind {
            case .fetchURL(let fetch) where fetch.hash == nil:
                needs.append(Need(derivation: derivation.hash, key: .url(fetch.url)))
            case .fetchGit(let fetch):
                needs.append(
                    Need(
                        derivation: derivation.hash,
                        key: .git(fetch.url, reference: fetch.reference)))
            case .fetchURL, .run, .derivationOutput: continue
            }
        }
    }

    func hasURL(_ url: String) -> Bool { needs.contains { "\($0.key.url)" == url } }

    /// The lock file with only what is needed, and not what is to be found out anew.
    func kept(_ lock: Lockfile, without updates: Set<String>) -> Lockfile {
        let keys = Set(needs.map(\.key).filter { !updates.contains("\($0.url)") })
        return lock.filtered(
            urlHashes: { keys.contains(.url($0.url)) },
            gitPins: { keys.contains(.git($0.url, reference: $0.reference)) })
    }

    /// The fetches of which nothing is locked.
    func missing(_ lock: Lockfile) -> [DerivationHash] {
        let known = LockNeeds.keys(lock)
        return Set(needs.filter { !known.contains($0.key) }.map(\.derivation)).sorted()
    }

    func report(_ locked: LockedFacts) -> LockReport {
        let own = LockNeeds.keys(locked.own)
        let needed = Set(needs.map(\.key))
        return LockReport(
            missing: needed.subtracting(LockNeeds.keys(locked.all)).map(\.text).sorted(),
            unused: own.subtracting(needed).map(\.text).sorted())
    }

    private static func keys(_ lock: Lockfile) -> Set<LockKey> {
        Set(
            lock.urlHashes.map { .url($0.url) }
                + lock.gitPins.map { .git($0.url, reference: $0.reference) })
    }
}
