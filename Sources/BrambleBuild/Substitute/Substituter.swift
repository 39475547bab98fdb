import BrambleModel
package import BrambleStore
import Synchronization

/// Takes results from a store that other machines have filled, rather than building them again, and
/// puts there what was built here.
///
/// Nothing that goes wrong on the way fails a build: what cannot be had is built. A store that cannot
/// be reached is reported once, and not asked again.
package final class Substituter: Sendable {
    private let source: any ContentStore
    private let store: LocalStore
    /// Whether what is built here is put there.
    package let publishes: Bool
    private let isUnusable = Mutex(false)
    /// We may take from there, and not give.
    private let isReadOnly = Mutex(false)
    /// Objects on their way here, so that two results with one closure fetch it once.
    private let transfers = SharedWork<StoreName, Void>()

    package init(_ source: any ContentStore, _ store: LocalStore, publishes: Bool) {
        self.source = source
        self.store = store
        self.publishes = publishes
    }

    /// What is told of a substitution.
    package struct Observer: Sendable {
        /// The result is known, and is being fetched.
        let started: @Sendable () -> Void
        /// So much of what is to come has come.
        let fetched: @Sendable (_ bytes: Int, _ total: Int) -> Void
        /// Something is wrong with the other store.
        let warned: @Sendable (String) -> Void
    }

    // MARK: Taking

    /// The build of a key, with its outputs and all that they refer to in the store; nil if the other
    /// store does not have all of it.
    ///
    /// - Throws: `StoreError` if this machine's store fails; `CancellationError`.
    func find(_ key: BuildKey, _ observer: Observer) async throws -> BuildRecord? {
        guard !isUnusable.withLock({ $0 }) else { return nil }
        do throws(StoreError) {
            guard let record = try await source.build(key) else { return nil }
            observer.started()
            return try await take(record, observer)
        } catch {
            try Task.checkCancellation()
            try note(error, observer)
            return nil
        }
    }

    /// Takes the outputs of a derivation that are known to be in the other store.
    ///
    /// - Throws: `notFound` if they are not; `corrupt` if that store has others; what either store
    ///   throws.
    func take(
        _ built: BuiltDerivation, named name: DerivationName, _ observer: Observer
    ) async throws(StoreError) {
        let known = try await source.build(built.key)
        let record = known ?? BuildRecord(least: built, named: name)
        guard built.outputs.allSatisfy(record.outputs.contains) else {
            throw StoreError(
                .corrupt, "the record of the build of `\(name)` has other outputs than it yielded")
        }
        _ = try await take(record, observer)
    }

    private func take(
        _ record: BuildRecord, _ observer: Observer
    ) async throws(StoreError) -> BuildRecord {
        let progress = Mutex(0)
        let transfer = ObjectTransfer(from: source, to: store) { bytes, total in
            let sum = progress.withLock { sum in
                sum += bytes
                return sum
            }
            observer.fetched(sum, total)
        }
        for output in record.outputs.map(\.name) {
            do {
                try await transfers.value(for: output) {
                    _ = try await transfer.copyClosure(of: [output])
                }
            } catch let error as StoreError {
                throw error
            } catch {
                throw StoreError(.unreachable, "stopped")
            }
        }
        let record = try await takingLog(of: record)
        try store.recordBuild(record)
        return record
    }

    /// A log that is lost is no reason to build again.
    private func takingLog(of record: BuildRecord) async throws(StoreError) -> BuildRecord {
        guard let log = record.facts.log else { return record }
        do throws(StoreError) {
            try await ObjectTransfer(from: source, to: store).copyBlobs([log])
            return record
        } catch {
            guard [.notFound, .corrupt].contains(error.code) else { throw error }
            var facts = record.facts
            facts.log = nil
            return BuildRecord(facts, outputs: record.outputs)
        }
    }

    /// - Throws: The failure, if it is this machine's own.
    private func note(_ error: StoreError, _ observer: Observer) throws(StoreError) {
        switch error.code {
        case .notFound: break
        case .corrupt, .malformed, .cycle, .unsupported, .incompatible:
            observer.warned("the cache has something wrong, and it is built instead: \(error)")
        case .unreachable, .forbidden:
            let isNew = isUnusable.withLock { isUnusable in
                defer { isUnusable = true }
                return !isUnusable
            }
            if isNew { observer.warned("\(error); the build goes on without it") }
        case .system, .database, .indexLost: throw error
        }
    }

    // MARK: Giving

    /// Puts a build that is in this machine's store into the other one.
    ///
    /// - Parameter aliases: Other keys that it is to be found by.
    func publish(_ record: BuildRecord, aliases: [BuildKey], _ observer: Observer) async {
        guard publishes, !isUnusable.withLock({ $0 }), !isReadOnly.withLock({ $0 }) else { return }
        do throws(StoreError) {
            let transfer = ObjectTransfer(from: store, to: source)
            _ = try await transfer.copyClosure(of: record.outputs.map(\.name))
            if let log = record.facts.log { try await transfer.copyBlobs([log]) }
            for key in [record.facts.key] + aliases {
                try await source.record(record.shared(as: key))
            }
        } catch {
            guard !Task.isCancelled else { return }
            notePublishing(record, error, observer)
        }
    }

    private func notePublishing(_ record: BuildRecord, _ error: StoreError, _ observer: Observer) {
        switch error.code {
        case .forbidden:
            let isNew = isReadOnly.withLock { isReadOnly in
                defer { isReadOnly = true }
                return !isReadOnly
            }
            if isNew { observer.warned("\(error); nothing is put there") }
        case .corrupt, .malformed, .cycle, .unsupported, .incompatible:
            observer.warned("`\(record.facts.derivation)` was not put into the cache: \(error)")
        case .notFound, .unreachable, .system, .database, .indexLost:
            // What cannot be read here will be noticed by who needs it.
            try? note(error, observer)
        }
    }
}
