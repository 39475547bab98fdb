import BrambleModel
import BrambleREAPI
import BrambleStore
import GRPCCore
import Synchronization
import TestSupport
import Testing

@testable import BrambleRemote

/// The client of a cache, against a server that fails as it is told to.
@Suite struct RemoteStoreTests {
    private func withStore<Result: Sendable>(
        _ engine: MemoryEngine, signing: SigningKey? = nil, trusted: [TrustedKey]? = nil,
        compresses: Bool? = nil, authorization: (@Sendable () async throws -> String?)? = nil,
        _ body: @Sendable (RemoteStore) async throws -> Result
    ) async throws -> Result {
        try await MemoryEngine.with(engine) { endpoint in
            var options = RemoteOptions(endpoint, invocation: "test")
            options.compresses = compresses
            if let authorization {
                options.credentials = {
                    let value = try await authorization() ?? ""
                    return RemoteCredentials(headers: [("authorization", value)])
                }
            }
            return try await RemoteConnection.with(options) { connection in
                try await body(
                    try await RemoteStore(connection, signing: signing, trusted: trusted))
            }
        }
    }

    private let small = Array("content".utf8)
    private let large = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 8) }

    @Test(arguments: [false, true])
    func itIsAStoreAsOthers(compresses: Bool) async throws {
        let engine = MemoryEngine()
        engine.setFaults(.init(hasZstd: compresses))
        try await withStore(engine, compresses: compresses) { store in
            try await ContentStoreContract(store).check()
        }
    }

    @Test(arguments: [false, true])
    func largeContentsGoBothWays(compresses: Bool) async throws {
        let engine = MemoryEngine()
        engine.setFaults(.init(hasZstd: compresses))
        let (large, digest) = (large, Digest(of: large))
        try await withStore(engine, compresses: compresses) { store in
            try await store.addBlob(digest) { (offset, limit) throws(StoreError) in
                Array(large[offset...].prefix(limit))
            }
            #expect(engine.blob(digest) == large)
            #expect(try await store.readBlob(digest) == large)
        }
    }

    /// Streams are taken up where they broke off: 30 kB at a time is enough for 100.
    @Test func brokenReadsGoOn() async throws {
        let engine = MemoryEngine()
        let content = Array(large.prefix(150_000))
        engine.add(content)
        engine.setFaults(.init(breaksReadsAfter: (40_000, 3)))
        try await withStore(engine) { store in
            let read = try await store.readBlob(Digest(of: content))
            #expect(read == content)
        }
        #expect(engine.count(.read) == 4)
    }

    @Test(arguments: [MemoryEngine.Call.missing, .batchWrite, .getResult, .capabilities])
    func whatMayPassIsTriedAgain(_ call: MemoryEngine.Call) async throws {
        let engine = MemoryEngine()
        let busy = RPCError(code: .unavailable, message: "busy")
        engine.setFaults(.init(failures: [call: [busy, busy]]))
        let small = small
        try await withStore(engine) { store in
            try await store.addBlobs([BlobContent(small)])
            #expect(try await store.missingBlobs([Digest(of: small)]) == [])
            #expect(try await store.object(StoreName(tree: Tree.empty.root)) == nil)
        }
        #expect(engine.count(call) == 3)
    }

    @Test func retryAfterIsKeptTo() async throws {
        let engine = MemoryEngine()
        var metadata = Metadata()
        metadata.addString("1", forKey: "retry-after")
        let busy = RPCError(code: .resourceExhausted, message: "busy", metadata: metadata)
        engine.setFaults(.init(failures: [.missing: [busy]]))
        let start = ContinuousClock.now
        _ = try await withStore(engine) { store in
            try await store.missingBlobs([Digest(of: [1])])
        }
        #expect(.now - start >= .seconds(1))
    }

    @Test func wrongBytesAreNotGivenOn() async throws {
        let engine = MemoryEngine()
        let (small, large) = (small, large)
        engine.add(small)
        engine.add(large)
        engine.setFaults(.init(corrupts: true))
        try await withStore(engine) { store in
            for content in [small, large] {
                await expect(.corrupt) { _ = try await store.readBlob(Digest(of: content)) }
            }
            let two = [Digest(of: small), Digest(of: [])]
            await expect(.corrupt) { _ = try await store.readBlobs(two) }
        }
    }

    @Test func moreThanWasPromisedIsNotWaitedFor() async throws {
        let engine = MemoryEngine()
        let content = Array(large.prefix(150_000))
        engine.add(content)
        engine.setFaults(.init(isEndless: true))
        try await withStore(engine) { store in
            await expect(.corrupt) { _ = try await store.readBlob(Digest(of: content)) }
        }
    }

    @Test func whoIsNotKnownIsTold() async throws {
        let engine = MemoryEngine()
        engine.setFaults(.init(authorization: "Bearer right"))
        await expect(.forbidden) {
            let wrong: @Sendable () async throws -> String? = { "Bearer wrong" }
            try await withStore(engine, authorization: wrong) { _ in }
        }
    }

    /// A token that has expired is asked for again, once.
    @Test func tokensAreRenewed() async throws {
        let engine = MemoryEngine()
        engine.setFaults(.init(authorization: "Bearer 1"))
        let number = Mutex(0)
        let next: @Sendable () async throws -> String? = {
            number.withLock { number in
                number += 1
                return "Bearer \(number)"
            }
        }
        try await withStore(engine, authorization: next) { store in
            engine.setFaults(.init(authorization: "Bearer 2"))
            let missing = try await store.missingBlobs([Digest(of: [1])])
            #expect(missing == [Digest(of: [1])])
        }
    }

    @Test func nobodyThere() async throws {
        let endpoint = try RemoteEndpoint("grpc://127.0.0.1:1")
        await expect(.unreachable) {
            try await RemoteConnection.with(RemoteOptions(endpoint, invocation: "test")) {
                _ = try await RemoteStore($0, signing: nil, trusted: nil)
            }
        }
    }

    // MARK: Builds

    private func record() throws -> BuildRecord {
        let facts = BuildRecord.Facts(
            key: try BuildKey("jq7sm6c66lutptnwolzon5523svodvrb"),
            derivation: try DerivationName("hello"), finishedAt: 1)
        let name = StoreName(tree: Tree.empty.root)
        return BuildRecord(
            facts, outputs: [BuiltOutput(output: .standard, name: name, tree: Tree.empty.root)])
    }

    private func keep(_ engine: MemoryEngine, signing: SigningKey?) async throws {
        let record = try record()
        try await withStore(engine, signing: signing) { store in
            _ = try await store.add(.empty)
            try await store.record(record)
        }
    }

    @Test func signedBuildsAreBelieved() async throws {
        let engine = MemoryEngine()
        let key = try SigningKey(newNamed: "us")
        try await keep(engine, signing: key)
        let record = try record()
        let trusted = [try TrustedKey(key.publicText)]
        try await withStore(engine, trusted: trusted) { store in
            let found = try await store.build(record.facts.key)
            #expect(found == record)
        }
    }

    @Test func othersAreNot() async throws {
        let key = try SigningKey(newNamed: "us")
        let trusted = [try TrustedKey(key.publicText)]
        let buildKey = try record().facts.key
        for signing in [nil, try SigningKey(newNamed: "us"), try SigningKey(newNamed: "them")] {
            let engine = MemoryEngine()
            try await keep(engine, signing: signing)
            try await withStore(engine, trusted: trusted) { store in
                await expect(.corrupt) { _ = try await store.build(buildKey) }
            }
        }
    }

    /// A record that was changed after it was signed.
    @Test func changedBuildsAreNot() async throws {
        let engine = MemoryEngine()
        let key = try SigningKey(newNamed: "us")
        try await keep(engine, signing: key)
        engine.changeResults { result in
            let text = String(decoding: result.stdoutRaw, as: UTF8.self)
            result.stdoutRaw = .init(text.replacing("hello", with: "jello").utf8)
        }
        let (trusted, buildKey) = ([try TrustedKey(key.publicText)], try record().facts.key)
        try await withStore(engine, trusted: trusted) { store in
            await expect(.corrupt) { _ = try await store.build(buildKey) }
        }
    }

    /// Facts of another subject under a key, or ones that make no sense, are none.
    @Test(arguments: ["", "{}", "[1]", "null", "{\"schema\":\"bramble/build-record/2\"}"])
    func whatMakesNoSenseIsNotThere(fact: String) async throws {
        let engine = MemoryEngine()
        try await keep(engine, signing: nil)
        engine.changeResults { $0.stdoutRaw = .init(fact.utf8) }
        let buildKey = try record().facts.key
        try await withStore(engine) { store in
            let (build, object) = (
                try await store.build(buildKey),
                try await store.object(StoreName(tree: Tree.empty.root))
            )
            #expect(build == nil && object == nil)
        }
    }
}

/// What a body fails with, as a failure of a store.
func expect(
    _ code: StoreError.Code, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Void
) async {
    let error = await #expect(throws: StoreError.self, sourceLocation: sourceLocation) {
        try await body()
    }
    #expect(error?.code == code, sourceLocation: sourceLocation)
}
