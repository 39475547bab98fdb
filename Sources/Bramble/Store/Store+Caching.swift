import BrambleBuild
public import BrambleModel
import BrambleStore
import Synchronization

extension Store {
    /// What was moved to or from a cache.
    public struct CacheTransfer: Sendable {
        public let builds: Int
        public let objects: Int
        public let sizeBytes: Int
    }

    /// What a cache has of what this store has built.
    public struct CacheCoverage: Sendable {
        public let builds: Int
        public let found: Int
    }

    /// Puts what was built here into the cache of the configuration.
    ///
    /// - Parameter names: Objects, with all that they refer to and the builds that yielded them; none
    ///   for all builds.
    /// - Throws: `usage` without a cache, `remote`, `notAuthorised`.
    public func push(
        _ names: [StoreName], _ settings: BuildSettings
    ) async throws(BrambleError) -> CacheTransfer {
        let local = local
        return try await withCache(settings) { cache in
            let pushed = try await CachePush(from: local, to: cache).push(
                names.isEmpty ? nil : names)
            return CacheTransfer(
                builds: pushed.builds, objects: pushed.objects, sizeBytes: pushed.sizeBytes)
        }
    }

    /// Takes objects, with all that they refer to, from the cache of the configuration.
    ///
    /// - Throws: `usage` without a cache, `nothingMatched`, `remote`, `notAuthorised`.
    public func pull(
        _ names: [StoreName], _ settings: BuildSettings
    ) async throws(BrambleError) -> CacheTransfer {
        let local = local
        return try await withCache(settings) { cache in
            let pulled = try await ObjectTransfer(from: cache, to: local).copyClosure(of: names)
            return CacheTransfer(
                builds: 0, objects: pulled.objectCount, sizeBytes: pulled.sizeBytes)
        }
    }

    /// Looks how much of what was built here the cache of the configuration has.
    ///
    /// - Throws: `usage` without a cache, `remote`, `notAuthorised`.
    public func cacheCoverage(
        _ settings: BuildSettings
    ) async throws(BrambleError) -> CacheCoverage {
        let local = local
        return try await withCache(settings) { cache in
            let builds = try local.builds()
            let found = try await builds.concurrentMap(limit: Store.lookUpLimit) {
                (record) throws(StoreError) in try await cache.build(record.facts.key) != nil
            }
            return CacheCoverage(builds: builds.count, found: found.count { $0 })
        }
    }

    /// Questions at once.
    private static let lookUpLimit = 32

    private func withCache<Result: Sendable>(
        _ settings: BuildSettings,
        _ body: @escaping @Sendable (any ContentStore) async throws -> Result
    ) async throws(BrambleError) -> Result {
        var settings = settings
        settings.remoteBuilder = ""
        var remote = try UserConfiguration.remoteSettings(settings)
        remote.executor = nil
        guard remote.cache != nil, let lending = settings.lending else {
            throw BrambleError(
                .usage, "there is no cache",
                hint:
                    "name one by `--remote-cache`, or as `cache` in `[remote]` of the configuration"
            )
        }
        let complaint = Complaint()
        do {
            let warn: @Sendable (String) -> Void = { complaint.set($0) }
            return try await remote.lending(lending, local, warn) { machines in
                guard let cache = machines.cache else {
                    throw BrambleError(.remote, complaint.text ?? "the cache does not answer")
                }
                return try await body(cache)
            }
        } catch let error as BrambleError {
            throw error
        } catch let error as StoreError {
            throw BrambleError(error)
        } catch is CancellationError {
            throw BrambleError(.interrupted, "interrupted")
        } catch {
            throw BrambleError(.remote, "\(error)")
        }
    }
}

/// Why a cache is not to be had.
private final class Complaint: Sendable {
    private let state = Mutex<String?>(nil)

    func set(_ text: String) { state.withLock { $0 = text } }

    var text: String? { state.withLock { $0 } }
}
