package import BrambleBuild
import BrambleModel
import BrambleStore

extension Store {
    /// Builds what other machines ask for: in this store, with the user's configuration of this
    /// machine. Builders of all builds share `jobs` places.
    ///
    /// - Parameters:
    ///   - files: Paths of files and folders that others' derivations may fetch from.
    ///   - maximumBytes: How much the store may have, before what was used least is removed; nil for any.
    /// - Throws: `sandbox`; mistakes in the user's configuration (`configuration`), `files`.
    package func hosting(
        _ settings: BuildSettings, showing files: [String], maximumBytes: Int? = nil
    ) throws(BrambleError) -> BuildHost {
        var settings = settings
        // What is asked for here is done here, or by an engine.
        settings.remoteBuilder = ""
        let jobs = settings.jobs ?? HostProcessors.count
        let remote = try UserConfiguration.remoteSettings(settings)
        var executor: (any Executor)?
        if remote.executor == nil {
            executor = SharedExecutor(try GraphBuild.localExecutor(local), limit: jobs)
        }
        let (usual, shared) = (settings, executor)
        return BuildHost(store: local, maximumStoreBytes: maximumBytes) {
            order, store, provideSources in
            var build = GraphBuild(
                store: store, settings: usual.with(order.wishes), sources: .given(provideSources),
                report: order.report)
            build.executor = shared
            build.files = .below(files)
            do throws(BrambleError) {
                return try await build.run(order.input)
            } catch {
                throw Store.failure(error)
            }
        }
    }

    private static func failure(_ error: BrambleError) -> any Error {
        let reason: BuildFailure.Reason
        switch error.kind {
        case .interrupted: return CancellationError()
        case .sandbox: reason = .sandbox
        case .remote, .notAuthorised: reason = .remote
        case .limit: reason = .limit
        case .usage, .configuration, .nothingMatched, .lock, .files, .wouldChange, .listen:
            reason = .store
        }
        return BuildFailure(reason, error.description)
    }
}

extension BuildSettings {
    fileprivate func with(_ wishes: BuildOrder.Wishes) -> BuildSettings {
        var settings = self
        settings.keepsGoing = wishes.keepsGoing
        settings.rebuilds = wishes.rebuilds
        settings.checks = wishes.checks
        settings.isOffline = wishes.isOffline
        settings.limits = wishes.limits
        return settings
    }
}
