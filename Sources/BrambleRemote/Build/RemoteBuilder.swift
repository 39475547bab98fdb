package import BrambleBuild
internal import BrambleModel
internal import BrambleREAPI
package import BrambleStore
internal import GRPCCore
internal import SwiftProtobuf

/// Has a server do whole builds (docs/build-service.md), and takes the results into the store of this
/// machine.
package struct RemoteBuilder: Sendable {
    private let remote: RemoteStore
    private let store: LocalStore

    /// How often a server is asked that loses what it was sent, or what it has built, before anybody has it.
    private static let maximumAttempts = 3

    package init(_ remote: RemoteStore, _ store: LocalStore) {
        self.remote = remote
        self.store = store
    }

    /// - Parameter sources: Where the sources of the order's input are on this machine.
    /// - Throws: `RemoteError`, `StoreError`; `CancellationError`, when the build was told to end there
    ///   too.
    package func build(_ order: BuildOrder, _ sources: [SourceTree]) async throws -> BuildOutcome {
        let json = BlobContent(try CanonicalJSON.encode(order.input))
        var attempts = 1
        while true {
            do {
                return try await attempt(order, json, sources)
            } catch {
                // The library reports a cancellation by failures of its own.
                try Task.checkCancellation()
                guard RemoteBuilder.isLoss(error), attempts < RemoteBuilder.maximumAttempts else {
                    throw RemoteBuilder.final(error)
                }
                attempts += 1
            }
        }
    }

    /// Whether something is missing that was there a moment ago: sources that were sent, results that were built.
    private static func isLoss(_ error: any Error) -> Bool {
        switch error {
        case let error as RemoteError: error.code == .precondition
        case let error as StoreError: error.code == .notFound
        default: false
        }
    }

    /// That something is missing there is no matter of this machine's store.
    private static func final(_ error: any Error) -> any Error {
        guard let error = error as? StoreError, error.code == .notFound else { return error }
        return StoreError(.unreachable, error.message)
    }

    private func attempt(
        _ order: BuildOrder, _ json: BlobContent, _ sources: [SourceTree]
    ) async throws -> BuildOutcome {
        let build = ForeignBuild(order, store)
        try await upload(sources, json)
        let result = try await RemoteBuildCall(connection: remote.connection, build: build).run(
            request(json, order.wishes))
        guard result.code == 0 else {
            let isPrecondition = Int(result.code) == RPCError.Code.failedPrecondition.rawValue
            throw RemoteError(
                isPrecondition ? .precondition : .failed,
                "cannot build at `\(remote.connection.endpoint)`: \(result.message)")
        }
        return try await build.finish(
            try await output(of: result), isRepeatable: result.isRepeatable, from: remote)
    }

    private func upload(_ sources: [SourceTree], _ json: BlobContent) async throws {
        let threads = DiskThreads(count: RemoteBuilder.readerCount)
        do throws(StoreError) {
            try await SourceUpload(remote: remote, threads: threads).send(sources)
            if json.bytes.count > inlineJSONBytes { try await remote.addContents([json]) }
        } catch {
            await threads.shutDown()
            // The library reports a cancellation by failures of its own.
            try Task.checkCancellation()
            throw error
        }
        await threads.shutDown()
    }

    /// Files are sent in few groups at once.
    private static let readerCount = 2

    private func request(
        _ json: BlobContent, _ wishes: BuildOrder.Wishes
    ) -> BuildRequestMessage {
        .with { request in
            request.instanceName = remote.connection.endpoint.instance
            if json.bytes.count > inlineJSONBytes {
                request.inputDigest = "\(json.digest)"
            } else {
                request.inputJson = .init(json.bytes)
            }
            request.options = BuildOptionsMessage(wishes)
        }
    }

    private func output(of result: BuildResultMessage) async throws -> BuildOutput {
        var bytes = Array(result.outputJson)
        if bytes.isEmpty {
            guard let digest = try? Digest(result.outputDigest) else { throw unreadable() }
            bytes = try await remote.readBlob(digest)
        }
        guard let output = try? CanonicalJSON.decode(BuildOutput.self, from: bytes) else {
            throw unreadable()
        }
        return output
    }

    private func unreadable() -> RemoteError {
        RemoteError(
            .corrupt,
            "`\(remote.connection.endpoint)` has sent something else than the output of a build")
    }
}
