internal import BrambleREAPI
internal import GRPCCore
internal import SwiftProtobuf

/// `proto/bramble/build/v1/build_service.proto`: whole builds, on this machine.
struct BuildHandler: BuildService.SimpleServiceProtocol {
    let queue: BuildQueue
    let folder: CacheFolder
    let threads: DiskThreads

    func build(
        request: BuildRequestMessage, response: RPCWriter<BuildUpdateMessage>,
        context: ServerContext
    ) async throws {
        let demand = try await threads.run { [folder, threads] in
            try BuildDemand(request, in: folder, threads)
        }
        try await follow(try queue.submit(demand), after: 0, response, context)
    }

    func waitBuild(
        request: Bramble_Build_V1_WaitBuildRequest, response: RPCWriter<BuildUpdateMessage>,
        context: ServerContext
    ) async throws {
        try await follow(
            try queue.find(request.name), after: request.afterNumber, response, context)
    }

    func cancelBuild(
        request: Bramble_Build_V1_CancelBuildRequest, context: ServerContext
    ) async throws -> Bramble_Build_V1_CancelBuildResponse {
        try queue.find(request.name).cancel()
        return Bramble_Build_V1_CancelBuildResponse()
    }

    /// Passes on what happens until the build is over or the client is gone. Who reads slowly is waited
    /// for, and the build is not.
    private func follow(
        _ build: RunningBuild, after number: UInt64, _ response: RPCWriter<BuildUpdateMessage>,
        _ context: ServerContext
    ) async throws {
        let signals = build.watch()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await response.write(.with { $0.name = build.name })
                var last = number
                for await _ in signals {
                    while let news = build.news(after: last) {
                        switch news {
                        case .events(let part):
                            try await response.write(BuildHandler.message(part))
                            last = part.lastNumber
                        case .result(let result):
                            return try await response.write(.with { $0.result = result })
                        }
                    }
                }
            }
            group.addTask {
                // A client that is gone is noticed without anything to be sent.
                try await context.cancellation.cancelled
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private static func message(_ part: EventBacklog.Part) -> BuildUpdateMessage {
        .with {
            $0.events.firstNumber = part.firstNumber
            $0.events.events = part.events
        }
    }
}
