internal import BrambleREAPI
internal import GRPCCore
internal import SwiftProtobuf

/// REAPI v2, `Capabilities`: what this server can do.
struct CapabilitiesHandler: CapabilitiesService.SimpleServiceProtocol {
    let isExecuting: Bool

    func getCapabilities(
        request: Build_Bazel_Remote_Execution_V2_GetCapabilitiesRequest, context: ServerContext
    ) async throws -> CapabilitiesMessage {
        CapabilitiesMessage.with { capabilities in
            capabilities.cacheCapabilities = CapabilitiesHandler.cache
            capabilities.executionCapabilities.execEnabled = isExecuting
            capabilities.executionCapabilities.digestFunction = .sha256
            capabilities.executionCapabilities.digestFunctions = [.sha256]
            // Bazel up to 5 turns away from servers whose lowest is 2.1.
            capabilities.lowApiVersion.major = 2
            capabilities.highApiVersion.major = 2
            capabilities.highApiVersion.minor = 3
        }
    }

    private static var cache: Build_Bazel_Remote_Execution_V2_CacheCapabilities {
        .with { cache in
            cache.digestFunctions = [.sha256]
            cache.actionCacheUpdateCapabilities.updateEnabled = true
            cache.maxBatchTotalSizeBytes = Int64(ServerLimits.batchBytes)
            cache.symlinkAbsolutePathStrategy = .allowed
            cache.supportedCompressors = [.identity, .zstd]
            cache.supportedBatchUpdateCompressors = [.identity, .zstd]
        }
    }
}
