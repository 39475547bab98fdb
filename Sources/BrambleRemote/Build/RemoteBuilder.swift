package import BrambleBuild
internal import BrambleModel
internal import BrambleREAPI
package import BrambleStore
internal import SwiftProtobuf

/// Has a server do whole builds (docs/build-service.md), and takes the results into the store of this
/// machine.
package struct RemoteBuilder: Sendable {
    private let remote: RemoteStore
    private let store: LocalStore

    /// How often sources are brought anew, for a server that loses them.
    private static let maximumUploads = 3

    package init(_ remote: RemoteStore, _ store: LocalStore) {
        self.remote = remote
        self.store = store
    }

    /// - Parameter sources: Where the sources of the order's input are on this machine.
    /// - Throws: `RemoteError`, `StoreError`; `CancellationError`, when the build was told to end there
    ///   too.
    package func build(_ order: BuildOrder, _ sources: [SourceTree]) async throws -> BuildOutcome {
        let build = ForeignBuild(order, store)
        let result = try await result(of: order, sources, build)
        guard result.code == 0 else {
            throw RemoteError(
                .failed, "cannot build at `\(remote.connection.endpoint)`: \(result.message)")
        }
        return try await build.finish(
            try await output(of: result), isRepeatable: result.isRepeatable, from: remote)
    }

    private func result(
        of order: BuildOrder, _ sources: [SourceTree], _ build: ForeignBuild
    ) async throws -> BuildResultMessage {
        let json = BlobContent(try CanonicalJSON.encode(order.input))
        var uploads = 1
        while true {
            try await upload(sources, json)
            do throws(RemoteError) {
                return try await RemoteBuildCall(connection: remote.connection, build: build).run(
                    request(json, order.wishes))
            } catch {
                try Task.checkCancellation()
                // What was there a moment ago has been dropped since.
                guard error.code == .precondition, uploads < RemoteBuilder.maximumUploads else {
                    throw error
                }
                uploads += 1
            }
        }
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
