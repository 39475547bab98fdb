import BrambleModel
import BrambleStore

/// The work on one derivation: everything that happens outside of the loop of a build. It owns nothing
/// that others see, and says in the end what came of it.
struct BuildWork: Sendable {
    /// What came of it.
    enum Result: Sendable {
        case built(Built)
        /// Another process, or another derivation of the same build, had built it meanwhile.
        case found(BuildRecord)
        case failed(BuildFailure)
        case cancelled
    }

    struct Built: Sendable {
        let record: BuildRecord
        var urlHash: URLHash?
        var gitPin: GitPin?
    }

    let node: Int
    let derivation: Derivation
    /// nil for a fetch of which nothing is known, which nobody could find again.
    let key: BuildKey?
    let resolved: ResolvedDerivation?
    let sources: BuildGraph.Sources?
    let facts: FetchFacts
    let isForced: Bool
    let limits: BuildLimits
    let services: BuildServices
    let folders: WorkFolderPool

    var store: LocalStore { services.store }

    /// Does it, under the lock of its key.
    func perform() async -> Result {
        do {
            guard let key else { return .built(try await build(key: nil)) }
            let lock = try await lock(key)
            defer { withExtendedLifetime(lock) {} }
            if !isForced, let record = try store.findBuild(key) { return .found(record) }
            return .built(try await build(key: key))
        } catch is CancellationError {
            return .cancelled
        } catch {
            guard let failure = failure(error) else {
                preconditionFailure("no kind of failure for \(error)")
            }
            return .failed(failure)
        }
    }

    /// What an error is as a failure of the derivation; nil if it is none, as when the task was cancelled.
    func failure(_ error: any Error) -> BuildFailure? {
        switch error {
        case let failure as BuildFailure: failure
        case let error as StoreError: BuildFailure(error, building: derivation.name)
        case let error as FetchError: error.failure
        default: nil
        }
    }

    private func build(key: BuildKey?) async throws -> Built {
        guard derivation.kind.isFetch else {
            guard let resolved, let key else {
                preconditionFailure("a derivation that was not resolved")
            }
            let folder = try folders.take()
            defer { folders.give(folder) }
            return Built(record: try await run(resolved, key, in: folder))
        }
        let folder = try store.newWorkFolder()
        defer { TreeRemoval.remove(folder) }
        switch derivation.kind {
        case .fetchURL(let fetch): return try await self.fetch(fetch, in: folder)
        case .fetchGit(let fetch): return try await self.fetch(fetch, in: folder)
        case .run, .derivationOutput: preconditionFailure("what is run is no fetch")
        }
    }

    /// Takes the lock of the key. Waiting for another process, it looks again and again rather than
    /// blocking: so that it can be cancelled.
    private func lock(_ key: BuildKey) async throws -> KeyLock {
        var pause = Duration.milliseconds(1)
        var isReported = false
        while true {
            if let lock = try store.tryLock(key) { return lock }
            if !isReported {
                services.report(.joined(derivation: derivation.hash, name: derivation.name))
            }
            isReported = true
            try await Task.sleep(for: pause)
            pause = min(pause * 2, BuildWork.longestPause)
        }
    }

    /// A fiftieth of a second: what a person does not notice, and a machine neither.
    private static let longestPause = Duration.milliseconds(20)

    func facts(_ key: BuildKey, _ duration: Duration) -> BuildRecord.Facts {
        var facts = BuildRecord.Facts(
            key: key, derivation: derivation.name, finishedAt: HostMachine.secondsNow)
        facts.durationMilliseconds = duration.wholeMilliseconds
        facts.machine = HostMachine.name
        return facts
    }
}
