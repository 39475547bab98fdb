import BrambleModel
import BrambleREAPI
import BrambleStore
import FoundationEssentials
import GRPCCore
import GRPCNIOTransportHTTP2
import SwiftProtobuf
import TestKit
import Testing

@testable import BrambleBuild
@testable import BrambleRemote

/// The protocol as any client speaks it.
@Suite("The protocol of the build service") struct BuildProtocolTests {
    typealias Client = BuildService.Client<HTTP2ClientTransport.Posix>

    /// What a stream has brought.
    struct Followed: Sendable {
        var name = ""
        var numbers: [UInt64] = []
        var events: [TimedBuildEvent] = []
        var result: BuildResultMessage?

        mutating func take(_ update: BuildUpdateMessage) throws {
            if !update.name.isEmpty { name = update.name }
            switch update.update {
            case .events(let part)?:
                for (offset, text) in part.events.enumerated() {
                    numbers.append(part.firstNumber + UInt64(offset))
                    events.append(
                        try CanonicalJSON.decode(TimedBuildEvent.self, from: Array(text.utf8)))
                }
            case .result(let result)?: self.result = result
            case nil: break
            }
        }
    }

    private static func request(
        _ input: BuildInput, instance: String = ""
    ) throws -> BuildRequestMessage {
        let json = try CanonicalJSON.encode(input)
        return .with {
            $0.instanceName = instance
            $0.inputJson = Data(json)
        }
    }

    private static func follow(
        _ response: StreamingClientResponse<BuildUpdateMessage>, events limit: Int = .max
    ) async throws -> Followed {
        var followed = Followed()
        for try await update in response.messages {
            try followed.take(update)
            if followed.events.count >= limit { break }
        }
        return followed
    }

    private static func client(_ server: RunningServer) -> Client {
        Client(wrapping: server.client)
    }

    struct Refused: CustomTestStringConvertible, Sendable {
        let json: String
        let message: String
        var testDescription: String { json }
    }

    static let hash = "opbj3scmttqnao4enbmqkjpixj6eimeu"
    static let empty = #""graph":{"schema":"bramble/derivation-graph/1"}"#

    @Test(
        "What is wrong with an input is told with its place",
        arguments: [
            Refused(json: "", message: "$ (byte 0): not JSON"),
            Refused(json: "{}", message: "$: the field `graph` is missing"),
            Refused(
                json: #"{"graph":{"schema":"bramble/derivation-graph/2"}}"#,
                message: "$.graph.schema"),
            Refused(
                json:
                    #"{"graph":{"schema":"bramble/derivation-graph/1","derivations":{"\#(hash)":{"name":"hello","builder":"sh"}}}}"#,
                message: #"$.graph.derivations["\#(hash)"]"#),
            Refused(
                json: "{\(empty),\"wanted\":[\"\(hash)\"]}",
                message: "$.wanted[0]: the derivation `\(hash)` is not in the graph"),
            Refused(json: "{\(empty),\"wants\":[]}", message: "$.wants: the field `wants` is not"),
        ])
    func refused(row: Refused) async throws {
        let setting = try BuildingServer()
        try await setting.use { server in
            let error = await #expect(throws: RPCError.self) {
                try await Self.client(server).build(
                    .with { $0.inputJson = Data(row.json.utf8) }
                ) { try await Self.follow($0) }
            }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message.contains(row.message) == true, "\(error?.message ?? "")")
        }
    }

    @Test("Options that make no sense are refused") func options() async throws {
        let setting = try BuildingServer()
        let input = try BuildInput(graph: try DerivationGraph([], roots: []))
        try await setting.use { server in
            let changes: [@Sendable (inout BuildOptionsMessage) -> Void] = [
                { $0.checkCount = 101 }, { $0.timeout.seconds = -1 }, { $0.timeout.nanos = 0 },
                { $0.memoryLimitBytes = .max },
            ]
            for change in changes {
                var request = try Self.request(input)
                change(&request.options)
                let message = request
                let code = try await code {
                    _ = try await Self.client(server).build(message) { try await Self.follow($0) }
                }
                #expect(code == .invalidArgument)
            }
            let code = try await code {
                _ = try await Self.client(server).build(.init()) { try await Self.follow($0) }
            }
            #expect(code == .invalidArgument)
        }
    }

    @Test("Missing sources are named, all that can be known, until they are there")
    func missing() async throws {
        let setting = try BuildingServer()
        let one = try derivation("one", sources: ["a/file"])
        let content = Array("content".utf8)
        let inner = Directory(
            files: [.init(name: "file", digest: Digest(of: content), isExecutable: false)])
        let root = Directory(directories: [.init(name: "a", digest: inner.digest)])
        let graph = try DerivationGraph([one], roots: [one.hash])
        let input = try BuildInput(
            graph: graph, sources: [.init(derivation: one.hash, tree: root.digest)])
        try await setting.use { server in
            for part in [root.encoded, inner.encoded, content] {
                let error = await #expect(throws: RPCError.self) {
                    try await Self.client(server).build(try Self.request(input)) {
                        try await Self.follow($0)
                    }
                }
                #expect(error?.code == .failedPrecondition)
                let status = try Google_Rpc_Status(
                    serializedBytes: try #require(
                        error?.metadata[binaryValues: "grpc-status-details-bin"].first { _ in true }
                    ))
                let failure = try Google_Rpc_PreconditionFailure(
                    unpackingAny: try #require(status.details.first))
                #expect(failure.violations.map(\.type) == ["MISSING"])
                #expect(failure.violations.map(\.subject) == ["blobs/\(Digest(of: part))"])
                #expect(try await server.add(part).code == 0)
            }
            let followed = try await Self.client(server).build(try Self.request(input)) {
                try await Self.follow($0)
            }
            #expect(followed.result?.code == 0)
            #expect(followed.result?.failures == [])
            let output = try CanonicalJSON.decode(
                BuildOutput.self, from: Array(try #require(followed.result?.outputJson)))
            #expect(output.built.map(\.derivation) == [one.hash])
            // Without a tree, it would be built as if it had no sources.
            let without = try await code {
                _ = try await Self.client(server).build(
                    try Self.request(try BuildInput(graph: graph))
                ) { try await Self.follow($0) }
            }
            #expect(without == .invalidArgument)
        }
    }

    @Test("An input may be a blob") func inputAsBlob() async throws {
        let setting = try BuildingServer()
        let one = try derivation("one")
        let json = try CanonicalJSON.encode(
            try BuildInput(graph: try DerivationGraph([one], roots: [one.hash])))
        try await setting.use { server in
            let request = BuildRequestMessage.with { $0.inputDigest = "\(Digest(of: json))" }
            let missing = try await code {
                _ = try await Self.client(server).build(request) { try await Self.follow($0) }
            }
            #expect(missing == .failedPrecondition)
            #expect(try await server.add(json).code == 0)
            let followed = try await Self.client(server).build(request) {
                try await Self.follow($0)
            }
            #expect(followed.result?.code == 0)
        }
    }

    @Test("Sources that would be more files than a disk has are refused")
    func hostileSources() async throws {
        let setting = try BuildingServer()
        let one = try derivation("one", sources: ["file"])
        // Each has the one before it twice: 2^40 directories in the end.
        var directory = Directory()
        var all = [directory.encoded]
        for _ in 0..<40 {
            let digest = directory.digest
            directory = Directory(
                directories: [.init(name: "a", digest: digest), .init(name: "b", digest: digest)])
            all.append(directory.encoded)
        }
        let input = try BuildInput(
            graph: try DerivationGraph([one], roots: [one.hash]),
            sources: [.init(derivation: one.hash, tree: directory.digest)])
        let contents = all
        try await setting.use { server in
            for content in contents { #expect(try await server.add(content).code == 0) }
            let code = try await code {
                _ = try await Self.client(server).build(try Self.request(input)) {
                    try await Self.follow($0)
                }
            }
            #expect(code == .invalidArgument)
        }
    }

    @Test("A stream that was left is taken up where it was, each event once")
    func takingUp() async throws {
        let gate = AsyncStream.makeStream(of: Void.self)
        let setting = try BuildingServer { job, output, line in
            line("before")
            for await _ in gate.stream {}
            line("behind")
            try await BuildingServer.writing(job, output, line)
        }
        let one = try derivation("one")
        let input = try BuildInput(graph: try DerivationGraph([one], roots: [one.hash]))
        try await setting.use { server in
            let client = Self.client(server)
            // planned, started, logged
            let first = try await client.build(try Self.request(input)) {
                try await Self.follow($0, events: 3)
            }
            #expect(first.numbers == [1, 2, 3])
            #expect(first.result == nil)
            gate.continuation.finish()
            let rest = try await client.waitBuild(
                .with {
                    $0.name = first.name
                    $0.afterNumber = 2
                }
            ) { try await Self.follow($0) }
            #expect(rest.name == first.name)
            #expect(rest.numbers == Array(3...UInt64(rest.numbers.count + 2)))
            #expect(
                rest.events.map(\.event).names == [
                    "logged before", "logged behind", "logged building one", "finished",
                    "ended built 1 fetched 0 reused 0 substituted 0 failed 0 skipped 0",
                ])
            #expect(zip(rest.events, rest.events.dropFirst()).allSatisfy { $0.at <= $1.at })
            #expect(rest.result?.code == 0)
            // When it is over, its end can be asked for.
            let end = try await client.waitBuild(
                .with {
                    $0.name = first.name
                    $0.afterNumber = rest.numbers.last ?? 0
                }
            ) { try await Self.follow($0) }
            #expect(end.numbers == [] && end.result == rest.result)
            let unknown = try await code {
                _ = try await client.waitBuild(.with { $0.name = "builds/x" }) {
                    try await Self.follow($0)
                }
            }
            #expect(unknown == .notFound)
        }
    }

    @Test("A build that is ended tells so to who follows it") func cancelling() async throws {
        let setting = try BuildingServer { _, _, line in
            line("begun")
            try await Task.sleep(for: .seconds(600))
        }
        let one = try derivation("one")
        let input = try BuildInput(graph: try DerivationGraph([one], roots: [one.hash]))
        try await setting.use { server in
            let client = Self.client(server)
            let followed = try await client.build(try Self.request(input)) { response in
                var followed = Followed()
                for try await update in response.messages {
                    try followed.take(update)
                    if case .logged? = followed.events.last?.event {
                        let name = followed.name
                        _ = try await client.cancelBuild(.with { $0.name = name })
                    }
                }
                return followed
            }
            #expect(followed.result?.code == Int32(RPCError.Code.cancelled.rawValue))
        }
    }

    @Test("Roles: who may only read or write has nothing built") func roles() async throws {
        let setting = try BuildingServer()
        let one = try derivation("one")
        let input = try BuildInput(graph: try DerivationGraph([one], roots: [one.hash]))
        let tokens = try TokenFile(
            ["read", "write", "execute"].map { role in
                "\(role) \(role) \(ContentHash(of: Array(role.utf8)))\n"
            }.joined())
        try await setting.use(tokens: tokens) { server in
            let expected: [(String, RPCError.Code?)] = [
                ("read", .permissionDenied), ("write", .permissionDenied), ("execute", nil),
                ("x", .unauthenticated),
            ]
            for (token, expectedCode) in expected {
                let metadata: Metadata = ["authorization": "Bearer \(token)"]
                let found = try await code {
                    let followed = try await Self.client(server).build(
                        try Self.request(input), metadata: metadata
                    ) { try await Self.follow($0) }
                    #expect(followed.result?.code == 0)
                }
                #expect(found == expectedCode, "\(token)")
            }
        }
    }

    @Test("A server that does not build says so") func notBuilding() async throws {
        let scratch = try ScratchFolder()
        try await RunningServer.use(in: scratch.path) { server in
            let code = try await code {
                _ = try await Self.client(server).build(.init()) { try await Self.follow($0) }
            }
            #expect(code == .unimplemented)
        }
    }

    @Test("A build that nobody follows is ended") func abandoned() async throws {
        let begun = AsyncStream.makeStream(of: Void.self)
        let ended = AsyncStream.makeStream(of: Void.self)
        let setting = try BuildingServer { _, _, _ in
            begun.continuation.finish()
            defer { ended.continuation.finish() }
            try await Task.sleep(for: .seconds(600))
        }
        let one = try derivation("one")
        let input = try BuildInput(graph: try DerivationGraph([one], roots: [one.hash]))
        let scratch = try ScratchFolder()
        let folder = try CacheFolder(path: scratch.path + "/cache", maximumBytes: 1 << 30)
        let threads = DiskThreads(count: 1)
        let queue = BuildQueue(BuildRunner(host: setting.host()), patience: .milliseconds(50))
        let build = try queue.submit(try BuildDemand(Self.request(input), in: folder, threads))
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await queue.run() }
            let follower = build.watch()
            for await _ in begun.stream {}
            // From here on there is none.
            _ = consume follower
            for await _ in ended.stream {}
            group.cancelAll()
        }
        await threads.shutDown()
    }
}
