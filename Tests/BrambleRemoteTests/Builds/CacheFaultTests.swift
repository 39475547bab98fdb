import BrambleBuild
import BrambleModel
import BrambleREAPI
import BrambleStore
import FoundationEssentials
import GRPCCore
import SwiftProtobuf
import TestKit
import Testing

@testable import BrambleRemote

extension BuildFaultTests {
    /// Whole builds whose cache, or the way to it, fails: each ends right, by what the cache has or without it.
    @Suite struct CacheFaultTests {
        /// A cache that another machine has filled.
        private func filled(signing: SigningKey? = nil) async throws -> MemoryEngine {
            let engine = MemoryEngine()
            try await MemoryEngine.with(engine) { endpoint in
                try await withConnection(endpoint.port) { connection in
                    let cache = try await RemoteStore(connection, signing: signing, trusted: nil)
                    let machine = try RemoteMachine()
                    _ = try await machine.build(cache: cache, publishes: true)
                }
            }
            return engine
        }

        /// Builds with a cache through a proxy, and checks that it ends right.
        @discardableResult
        private func build(
            _ engine: MemoryEngine, _ faults: [FaultyProxy.Fault] = [],
            trusted: [TrustedKey]? = nil,
            publishes: Bool = false, options: (inout RemoteOptions) -> Void = { _ in },
            hook: @escaping @Sendable (String) async throws -> Void = { _ in },
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws -> RemoteMachine.Built {
            let expected = try await RemoteMachine.expected()
            return try await MemoryEngine.with(engine) { endpoint in
                let proxy = try FaultyProxy(to: endpoint.port, faults: faults)
                defer { proxy.stop() }
                return try await withConnection(proxy.port, change: options) { connection in
                    let machine = try RemoteMachine()
                    // As the command does: a cache that is not there is done without.
                    let cache = try? await RemoteStore(connection, signing: nil, trusted: trusted)
                    let built = try await machine.build(
                        cache: cache, publishes: publishes, hook: hook)
                    try machine.check(built, expected, sourceLocation: sourceLocation)
                    return built
                }
            }
        }

        @Test func withoutFaultsNothingIsBuilt() async throws {
            let built = try await build(try await filled())
            #expect(built.builtHere == [] && built.warnings == [])
        }

        // MARK: What it has

        @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
        func contentsAreDroppedBetweenAnswers(seed: UInt64) async throws {
            let engine = try await filled()
            engine.setSeed(seed)
            engine.setFaults(.init(evictsOneIn: 20))
            try await build(engine, publishes: seed % 2 == 0)
        }

        @Test func allContentsAreWrong() async throws {
            let engine = try await filled()
            engine.setFaults(.init(corrupts: true))
            let built = try await build(engine)
            #expect(built.builtHere.count == 5)
            #expect(built.warnings.contains { $0.contains("built instead") }, "\(built.warnings)")
        }

        @Test(arguments: [1, 3])
        func contentsEndEarly(times: Int) async throws {
            let engine = try await filled()
            engine.setFaults(.init(shortReads: times))
            let built = try await build(engine)
            // The rest is asked for.
            #expect(built.builtHere == [])
        }

        @Test(arguments: [false, true])
        func contentsHaveNoEnd(isCompressed: Bool) async throws {
            let engine = try await filled()
            engine.setFaults(.init(isEndless: true, hasZstd: isCompressed))
            let built = try await build(engine, options: { $0.compresses = isCompressed })
            // Whether it is the first byte too many that shows, or that nothing of use comes in time.
            #expect(
                built.warnings.contains {
                    $0.contains("built instead") || $0.contains("goes on without it")
                }, "\(built.warnings)")
        }

        /// Compressed contents that decompress to nothing, for ever.
        @Test func emptyFramesHaveNoEnd() async throws {
            let engine = try await filled()
            engine.setFaults(.init(sendsEmptyFrames: true, hasZstd: true))
            let built = try await build(engine, options: { $0.compresses = true })
            #expect(built.builtHere.contains("large"))
        }

        // MARK: Names and signatures

        struct Place: Sendable, CustomTestStringConvertible {
            let name: String
            var testDescription: String { name.isEmpty ? "(empty)" : name }
        }

        /// Trees with names that lead out of an object, under the digests of what should be there.
        @Test(arguments: ["..", "../../x", "/etc/passwd", ".", "a/b", ""].map { Place(name: $0) })
        func treesLeadElsewhere(_ place: Place) async throws {
            let engine = try await filled()
            let content = Array("x".utf8)
            engine.add(content)
            var directory = DirectoryMessage()
            directory.files = [
                .with {
                    $0.name = place.name
                    $0.digest = DigestMessage(Digest(of: content))
                }
            ]
            let root = directory
            let tree: [UInt8] = try TreeMessage.with { $0.root = root }.serializedBytes()
            engine.add(tree)
            engine.changeResults { result in
                for index in result.outputDirectories.indices {
                    result.outputDirectories[index].treeDigest = DigestMessage(Digest(of: tree))
                }
            }
            let built = try await build(engine)
            #expect(built.builtHere.count == 5)
            #expect(built.warnings.contains { $0.contains("built instead") }, "\(built.warnings)")
        }

        /// A tree of which each directory has the next one twice: a few kilobytes, and files without number.
        @Test func treesExplode() async throws {
            let engine = try await filled()
            var children: [Data] = []
            var directory = DirectoryMessage()
            for _ in 0..<64 {
                let bytes: Data = try directory.serializedBytes()
                children.append(bytes)
                let digest = DigestMessage(Digest(of: Array(bytes)))
                directory = DirectoryMessage()
                directory.directories = ["a", "b"].map { name in
                    .with {
                        $0.name = name
                        $0.digest = digest
                    }
                }
            }
            let root = directory
            let directories = try children.map { try DirectoryMessage(serializedBytes: $0) }
            let tree: [UInt8] = try TreeMessage.with {
                $0.root = root
                $0.children = directories
            }.serializedBytes()
            engine.add(tree)
            engine.changeResults { result in
                for index in result.outputDirectories.indices {
                    result.outputDirectories[index].treeDigest = DigestMessage(Digest(of: tree))
                }
            }
            let built = try await build(engine)
            #expect(built.builtHere.count == 5)
            #expect(throws: StoreError.self) { try Tree(decoding: tree) }
        }

        @Test(arguments: ["nobody", "somebody else", "somebody else by our name"])
        func resultsAreNotSignedByWhomWeTrust(signer: String) async throws {
            let ours = try SigningKey(newNamed: "us")
            let signing: SigningKey? =
                switch signer {
                case "nobody": nil
                case "somebody else": try SigningKey(newNamed: "them")
                default: try SigningKey(newNamed: "us")
                }
            let engine = try await filled(signing: signing)
            let built = try await build(engine, trusted: [try TrustedKey(ours.publicText)])
            #expect(built.builtHere.count == 5)
            #expect(built.warnings.contains { $0.contains("not signed by a trusted key") })
            let right = try await build(
                try await filled(signing: ours), trusted: [try TrustedKey(ours.publicText)])
            #expect(right.builtHere == [])
        }

        // MARK: The way to it

        static let positions = [0, 1, 24, 200, 1_500, 12_000, 90_000, 400_000]

        @Test(arguments: CacheFaultTests.positions)
        func connectionsAreResetOnTheWayDown(position: Int) async throws {
            try await build(try await filled(), [.resetDown(after: position)])
            try await build(
                try await filled(), Array(repeating: .resetDown(after: position), count: 20))
        }

        @Test(arguments: CacheFaultTests.positions)
        func connectionsAreResetOnTheWayUp(position: Int) async throws {
            let engine = MemoryEngine()
            try await build(engine, [.resetUp(after: position)], publishes: true)
            // What is there after that serves others.
            let built = try await build(engine)
            #expect(position == 0 || built.builtHere == [])
        }

        @Test(arguments: [3, 30, 300, 3_000, 30_000, 300_000])
        func bitsTurnOver(position: Int) async throws {
            try await build(try await filled(), [.flipDown(at: position)])
            let engine = try await filled()
            try await build(engine, [.flipUp(at: position)], publishes: true)
            try await build(engine)
        }

        @Test(arguments: ["503", "429", "502"])
        func aProxyHasNobodyBehindIt(status: String) async throws {
            let engine = try await filled()
            // It comes back: a connection that was answered is kept, so it is cut by the proxy's stop.
            let built = try await build(engine, [.status(status)])
            #expect(built.builtHere.count == 5)
            let refused = try await build(engine, [.status("401")])
            #expect(refused.builtHere.count == 5)
        }

        /// gRPC's own way to say so, with the pause that is asked for.
        @Test(arguments: [RPCError.Code.resourceExhausted, .unavailable])
        func itIsBusy(code: RPCError.Code) async throws {
            let engine = try await filled()
            var info = Google_Rpc_RetryInfo()
            info.retryDelay = .init(seconds: 0, nanos: 200_000_000)
            var status = Google_Rpc_Status()
            status.code = Int32(code.rawValue)
            status.details = [try Google_Protobuf_Any(message: info)]
            let details: [UInt8] = try status.serializedBytes()
            var metadata = Metadata()
            metadata.addBinary(details, forKey: "grpc-status-details-bin")
            let busy = RPCError(code: code, message: "busy", metadata: metadata)
            engine.setFaults(
                .init(failures: [.getResult: [busy], .batchRead: [busy], .read: [busy, busy]]))
            let start = ContinuousClock.now
            let built = try await build(engine)
            #expect(built.builtHere == [] && built.warnings == [])
            #expect(.now - start >= .milliseconds(600))
        }

        /// Who asks for more than anybody waits is done without.
        @Test func itAsksForAnHour() async throws {
            let engine = try await filled()
            var metadata = Metadata()
            metadata.addString("3600", forKey: "retry-after")
            let busy = RPCError(code: .unavailable, message: "busy", metadata: metadata)
            engine.setFaults(.init(failures: [.getResult: [busy]]))
            let built = try await build(engine)
            #expect(built.builtHere.count == 5)
            #expect(built.warnings.count == 1)
        }

        private func endsInTime(_ fault: FaultyProxy.Fault) async throws {
            let start = ContinuousClock.now
            try await build(
                try await filled(), Array(repeating: fault, count: 20),
                options: {
                    $0.attempts = 2
                    $0.streamTimeout = .milliseconds(500)
                    $0.callTimeout = .seconds(2)
                })
            #expect(.now - start < .seconds(20))
        }

        @Test(arguments: [500, 60_000])
        func itDrips(from: Int) async throws {
            try await endsInTime(.drip(from: from))
        }

        @Test(arguments: [0, 500, 60_000])
        func itFallsSilent(from: Int) async throws {
            try await endsInTime(.silence(from: from))
        }

        // MARK: Who may

        /// The token ends in the middle of a build: another one is asked for.
        @Test func tokensEnd() async throws {
            let engine = try await filled()
            engine.removeBlobs { $0.sizeBytes > 500_000 }
            engine.setFaults(.init(authorization: "Bearer 1"))
            let tokens = NumberedTokens()
            let built = try await build(
                engine, options: { $0.credentials = { tokens.next() } },
                hook: { name in
                    if name == "large" { engine.setFaults(.init(authorization: "Bearer 2")) }
                })
            #expect(built.builtHere.contains("large") && built.warnings == [])
        }

        @Test func tokensEndAndThereIsNoOther() async throws {
            let engine = try await filled()
            engine.removeBlobs { $0.sizeBytes > 500_000 }
            engine.setFaults(.init(authorization: "Bearer 1"))
            let built = try await build(
                engine, publishes: true,
                options: { options in
                    options.credentials = {
                        RemoteCredentials(headers: [("authorization", "Bearer 1")])
                    }
                },
                hook: { name in
                    if name == "large" { engine.setFaults(.init(authorization: "Bearer 2")) }
                })
            #expect(built.warnings.count <= 2, "\(built.warnings)")
            #expect(built.warnings.contains { $0.contains("who are you?") })
        }

        @Test func weMayReadOnly() async throws {
            let engine = try await filled()
            engine.removeBlobs { $0.sizeBytes > 500_000 }
            let refusal = RPCError(code: .permissionDenied, message: "only `ci` may")
            let refusals = Array(repeating: refusal, count: 100)
            engine.setFaults(
                .init(failures: [.batchWrite: refusals, .write: refusals, .updateResult: refusals]))
            let built = try await build(engine, publishes: true)
            // What was there is used, and it is said once.
            #expect(built.builtHere.contains("large"))
            #expect(built.warnings.count == 1)
            #expect(built.warnings.first?.contains("nothing is put there") == true)
        }
    }
}
