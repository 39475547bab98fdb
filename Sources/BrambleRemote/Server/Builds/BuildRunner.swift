internal import BrambleBuild
internal import BrambleModel
internal import BrambleREAPI
internal import BrambleStore
internal import FoundationEssentials
internal import GRPCCore
internal import SwiftProtobuf

/// Runs one build: sources out of the storage, derivations as this machine builds them, results into the
/// storage.
struct BuildRunner: Sendable {
    let host: BuildHost

    /// More are events only.
    private static let listedFailures = 1_000

    /// - Returns: What the client is told, whatever happened.
    func run(_ build: RunningBuild) async -> BuildResultMessage {
        do {
            return try await result(of: build)
        } catch {
            return BuildRunner.message(of: error)
        }
    }

    private func result(of build: RunningBuild) async throws -> BuildResultMessage {
        let demand = build.demand
        let order = BuildOrder(demand.input, demand.wishes) { build.take($0) }
        let store = try await Blocking.run { [host] () throws(StoreError) in
            try host.store.reopened()
        }
        let outcome = try await host.build(order, store) { (derivation, tree) throws(StoreError) in
            try await demand.sources.provide(derivation, tree, in: store)
        }
        let output = try await ResultGiving(from: store, to: demand.cache).give(
            outcome, of: demand.input)
        let json = BlobContent(try CanonicalJSON.encode(output))
        try await demand.cache.addContents([json])
        return try BuildResultMessage.with { message in
            message.failures = try outcome.failures.prefix(BuildRunner.listedFailures).map {
                String(decoding: try CanonicalJSON.encode($0), as: UTF8.self)
            }
            message.outputDigest = "\(json.digest)"
            if json.bytes.count <= inlineJSONBytes { message.outputJson = Data(json.bytes) }
            message.isRepeatable = outcome.isRepeatable
        }
    }

    private static func message(of error: any Error) -> BuildResultMessage {
        // Libraries report a cancellation by errors of their own.
        if Task.isCancelled || error is CancellationError {
            return message(.cancelled, "the build was ended")
        }
        switch error {
        case let error as BuildFailure: return message(.unavailable, error.message)
        case let error as any RPCErrorConvertible:
            return message(error.rpcErrorCode, error.rpcErrorMessage)
        default: return message(.internalError, "\(error)")
        }
    }

    private static func message(_ code: RPCError.Code, _ text: String) -> BuildResultMessage {
        .with {
            $0.code = Int32(code.rawValue)
            $0.message = text
        }
    }
}
