import BrambleModel
import BrambleREAPI
import BrambleStore
import GRPCCore
import GRPCNIOTransportHTTP2
import SwiftProtobuf
import Synchronization
import TestKit
import Testing

@testable import BrambleBuild
@testable import BrambleRemote

/// A build service that breaks streams off as it is told to.
private final class BreakingBuilds: BuildService.SimpleServiceProtocol {
    /// What each call is answered with, and whether its stream breaks off then.
    struct Answer: Sendable {
        var updates: [BuildUpdateMessage] = []
        var error: RPCError?
    }

    private struct State {
        var answers: [Answer]
        var calls: [String] = []
    }

    private let state: Mutex<State>

    init(_ answers: [Answer]) {
        state = Mutex(State(answers: answers))
    }

    var calls: [String] { state.withLock { $0.calls } }

    private func answer(
        _ call: String, _ response: RPCWriter<BuildUpdateMessage>
    ) async throws {
        let answer = state.withLock { state in
            state.calls.append(call)
            return state.answers.isEmpty ? Answer() : state.answers.removeFirst()
        }
        for update in answer.updates { try await response.write(update) }
        if let error = answer.error { throw error }
    }

    func build(
        request: BuildRequestMessage, response: RPCWriter<BuildUpdateMessage>,
        context: ServerContext
    ) async throws {
        try await answer("build", response)
    }

    func waitBuild(
        request: Bramble_Build_V1_WaitBuildRequest, response: RPCWriter<BuildUpdateMessage>,
        context: ServerContext
    ) async throws {
        try await answer("wait \(request.name) after \(request.afterNumber)", response)
    }

    func cancelBuild(
        request: Bramble_Build_V1_CancelBuildRequest, context: ServerContext
    ) async throws -> Bramble_Build_V1_CancelBuildResponse {
        .init()
    }
}

@Suite("A build that is followed over streams that break") struct RemoteBuildCallTests {
    private let broken = RPCError(code: .unavailable, message: "broken")

    private func named(_ name: String) -> BuildUpdateMessage { .with { $0.name = name } }

    /// Events that warn of numbers.
    private func events(_ numbers: ClosedRange<UInt64>) throws -> BuildUpdateMessage {
        let lines = try numbers.map { number in
            String(
                decoding: try CanonicalJSON.encode(
                    TimedBuildEvent(at: 0, event: .warned(message: "\(number)"))), as: UTF8.self)
        }
        return .with {
            $0.events.firstNumber = numbers.lowerBound
            $0.events.events = lines
        }
    }

    private let result = BuildUpdateMessage.with { $0.result.outputDigest = "end" }

    private func run(
        _ service: BreakingBuilds
    ) async throws -> (result: BuildResultMessage, events: [String]) {
        let scratch = try ScratchFolder()
        let store = try LocalStore(scratch.path + "/store")
        let events = EventList()
        let input = try BuildInput(graph: try DerivationGraph([], roots: []))
        let build = ForeignBuild(BuildOrder(input, .init()) { events.append($0) }, store)
        let server = GRPCServer(
            transport: HTTP2ServerTransport.Posix(
                address: .ipv4(host: "127.0.0.1", port: 0), transportSecurity: .plaintext),
            services: [service])
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.serve() }
            let port = try #require(try await server.listeningAddress?.ipv4?.port)
            let options = RemoteOptions(
                try RemoteEndpoint("grpc://127.0.0.1:\(port)"), invocation: "test")
            let result = try await RemoteConnection.with(options) { connection in
                try await RemoteBuildCall(connection: connection, build: build).run(.init())
            }
            group.cancelAll()
            let messages = events.all.compactMap { event -> String? in
                if case .warned(let message) = event { message } else { nil }
            }
            return (result, messages)
        }
    }

    @Test func takenUpEachEventOnce() async throws {
        let service = BreakingBuilds([
            .init(updates: [named("builds/1"), try events(1...3)], error: broken),
            // It may send again what was on its way when the stream broke.
            .init(updates: [named("builds/1"), try events(2...4)], error: broken),
            .init(updates: [named("builds/1"), try events(5...5), result]),
        ])
        let run = try await run(service)
        #expect(run.result.outputDigest == "end")
        #expect(run.events == ["1", "2", "3", "4", "5"])
        #expect(
            service.calls == [
                "build", "wait builds/1 after 3", "wait builds/1 after 4",
            ])
    }

    /// More breaks than a call has attempts, each after something came.
    @Test func manyBreaks() async throws {
        var answers = [BreakingBuilds.Answer(updates: [named("builds/1")], error: broken)]
        for number in UInt64(1)...12 {
            answers.append(
                .init(
                    updates: [named("builds/1"), try events(number...number)], error: broken))
        }
        answers.append(.init(updates: [result]))
        let run = try await run(BreakingBuilds(answers))
        #expect(run.events == (1...12).map { "\($0)" })
    }

    /// A server that was started anew knows nothing of the build: it is asked for again.
    @Test func forgotten() async throws {
        let service = BreakingBuilds([
            .init(updates: [named("builds/1"), try events(1...2)], error: broken),
            .init(error: RPCError(code: .notFound, message: "there is no build")),
            .init(updates: [named("builds/2"), try events(1...1), result]),
        ])
        let run = try await run(service)
        #expect(run.events == ["1", "2", "1"])
        #expect(service.calls == ["build", "wait builds/1 after 2", "build"])
    }

    @Test func refusedAtOnce() async throws {
        let service = BreakingBuilds([
            .init(error: RPCError(code: .invalidArgument, message: "$.graph: it is wrong"))
        ])
        let error = await #expect(throws: RemoteError.self) { _ = try await run(service) }
        #expect(error?.code == .invalid)
        #expect(error?.message.contains("$.graph: it is wrong") == true)
        #expect(service.calls == ["build"])
    }

    /// A stream that ends without a result is one that broke.
    @Test func endsEarly() async throws {
        let service = BreakingBuilds([
            .init(updates: [named("builds/1"), try events(1...1)]), .init(updates: [result]),
        ])
        let run = try await run(service)
        #expect(run.events == ["1"] && run.result.outputDigest == "end")
    }
}
