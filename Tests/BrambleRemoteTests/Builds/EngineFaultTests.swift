import BrambleBuild
import BrambleModel
import BrambleREAPI
import BrambleStore
import GRPCCore
import SwiftProtobuf
import TestKit
import Testing

@testable import BrambleRemote

extension BuildFaultTests {
    /// Whole builds on an engine that fails, or the way to it: each ends right or says why not, and the store has
    /// no wrong byte.
    @Suite struct EngineFaultTests {
        private func engine() -> MemoryEngine { MemoryEngine(builder: RemoteMachine.write) }

        /// Builds on an engine through a proxy.
        private func build(
            _ engine: MemoryEngine, _ faults: [FaultyProxy.Fault] = [],
            options: (inout RemoteOptions) -> Void = { _ in },
            during: @escaping @Sendable (FaultyProxy) -> Void = { _ in },
            then check: @Sendable (RemoteMachine, RemoteMachine.Built) throws -> Void
        ) async throws {
            try await MemoryEngine.with(engine) { endpoint in
                let proxy = try FaultyProxy(to: endpoint.port, faults: [])
                defer { proxy.stop() }
                try await withConnection(
                    proxy.port,
                    change: { change in
                        change.patience = .seconds(10)
                        options(&change)
                    }
                ) { connection in
                    let machine = try RemoteMachine()
                    let remote = try await RemoteStore(connection, signing: nil, trusted: nil)
                    if !faults.isEmpty {
                        // What there is was for the first question; the build has connections of its own.
                        proxy.cut()
                        proxy.setFaults(faults)
                    }
                    during(proxy)
                    let executor = RemoteExecutor(remote, machine.store, platform: [:])
                    let built = try await machine.build(executor: executor)
                    try check(machine, built)
                }
            }
        }

        /// Builds, and it ends right.
        private func buildRight(
            _ engine: MemoryEngine, _ faults: [FaultyProxy.Fault] = [],
            options: (inout RemoteOptions) -> Void = { _ in },
            during: @escaping @Sendable (FaultyProxy) -> Void = { _ in },
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let expected = try await RemoteMachine.expected()
            try await build(engine, faults, options: options, during: during) { machine, built in
                try machine.check(built, expected, sourceLocation: sourceLocation)
                #expect(built.builtHere == [], sourceLocation: sourceLocation)
            }
        }

        /// Builds, and it ends by saying that the engine is at fault.
        private func buildWrong(
            _ engine: MemoryEngine, _ text: String, _ faults: [FaultyProxy.Fault] = [],
            options: (inout RemoteOptions) -> Void = { _ in },
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            try await build(engine, faults, options: options) { machine, built in
                #expect(!built.outcome.isSuccess, sourceLocation: sourceLocation)
                for failed in built.outcome.failures {
                    #expect(failed.failure.reason == .remote, sourceLocation: sourceLocation)
                    #expect(
                        failed.failure.message.contains(text), "\(failed.failure.message)",
                        sourceLocation: sourceLocation)
                }
                try machine.checkStore(sourceLocation: sourceLocation)
            }
        }

        @Test func withoutFaults() async throws { try await buildRight(engine()) }

        // MARK: What it has

        @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
        func contentsAreDroppedBetweenAnswers(seed: UInt64) async throws {
            let engine = engine()
            engine.setSeed(seed)
            engine.setFaults(.init(evictsOneIn: 100))
            let expected = try await RemoteMachine.expected()
            try await build(engine) { machine, built in
                // It may be more than anybody puts up with; then that is what it says.
                if built.outcome.isSuccess {
                    try machine.check(built, expected)
                } else {
                    #expect(built.outcome.failures.allSatisfy { $0.failure.reason == .remote })
                    try machine.checkStore()
                }
            }
        }

        /// It knows results whose contents are gone: they are made anew.
        @Test func resultsAreKnownWithoutTheirContents() async throws {
            let engine = engine()
            try await buildRight(engine)
            engine.removeBlobs { _ in true }
            try await buildRight(engine)
        }

        @Test func allContentsAreWrong() async throws {
            let engine = engine()
            engine.setFaults(.init(corrupts: true))
            try await buildWrong(engine, "has sent something else")
        }

        @Test func contentsEndEarly() async throws {
            let engine = engine()
            engine.setFaults(.init(shortReads: 3))
            try await buildRight(engine)
        }

        @Test(arguments: [false, true])
        func contentsHaveNoEnd(isCompressed: Bool) async throws {
            let engine = engine()
            engine.setFaults(.init(isEndless: true, hasZstd: isCompressed))
            // Compressed, what has no end comes behind a whole frame: it is none.
            try await buildWrong(
                engine, isCompressed ? "is not compressed by zstd" : "has sent something else",
                options: { $0.compresses = isCompressed })
        }

        // MARK: The way to it

        @Test(arguments: CacheFaultTests.positions)
        func connectionsAreReset(position: Int) async throws {
            try await buildRight(engine(), [.resetDown(after: position)])
            try await buildRight(engine(), [.resetUp(after: position)])
        }

        /// It is away for a while, as one that is restarted: with more attempts in vain than a cache would get.
        @Test func itIsRestarted() async throws {
            let away = Array(repeating: FaultyProxy.Fault.resetDown(after: 0), count: 8)
            try await buildRight(
                engine(), [.resetDown(after: 3_000)] + away,
                options: { $0.patience = .seconds(60) })
        }

        @Test(arguments: [3, 30, 300, 3_000, 30_000, 300_000])
        func bitsTurnOver(position: Int) async throws {
            let expected = try await RemoteMachine.expected()
            for fault in [FaultyProxy.Fault.flipDown(at: position), .flipUp(at: position)] {
                try await build(engine(), [fault]) { machine, built in
                    if built.outcome.isSuccess {
                        try machine.check(built, expected)
                    } else {
                        try machine.checkStore()
                    }
                }
            }
        }

        @Test(arguments: ["503", "429"])
        func aProxyHasNobodyBehindItForAWhile(status: String) async throws {
            try await buildRight(
                engine(), [.status(status)],
                during: { proxy in
                    // That connection is cut after a while, and behind the next one is the engine.
                    proxy.cutAfterAWhile()
                })
        }

        @Test(arguments: [RPCError.Code.resourceExhausted, .unavailable, .aborted])
        func itIsBusy(code: RPCError.Code) async throws {
            let engine = engine()
            let busy = RPCError(code: code, message: "busy")
            engine.setFaults(
                .init(failures: [
                    .execute: [busy, busy, busy], .batchWrite: [busy], .missing: [busy],
                    .batchRead: [busy], .read: [busy],
                ]))
            try await buildRight(engine)
        }

        @Test(arguments: [0, 60_000])
        func itFallsSilent(from: Int) async throws {
            let start = ContinuousClock.now
            try await buildWrong(
                engine(), "",
                Array(repeating: .silence(from: from), count: 40),
                options: {
                    $0.attempts = 2
                    $0.streamTimeout = .milliseconds(500)
                    $0.callTimeout = .seconds(2)
                    $0.patience = .seconds(2)
                    // The library makes it ten.
                    $0.silence = .seconds(1)
                })
            #expect(.now - start < .seconds(30))
        }

        // MARK: Who may

        @Test func tokensEnd() async throws {
            let engine = engine()
            let tokens = NumberedTokens()
            engine.setFaults(.init(authorization: "Bearer 1"))
            try await buildRight(
                engine, options: { $0.credentials = { tokens.next() } },
                during: { _ in engine.setFaults(.init(authorization: "Bearer 2")) })
            #expect(tokens.count == 2)
        }

        @Test func weMayNotExecute() async throws {
            let engine = engine()
            let refusal = RPCError(
                code: .permissionDenied, message: "`laptops` lacks the role execute")
            engine.setFaults(.init(failures: [.execute: Array(repeating: refusal, count: 50)]))
            try await buildWrong(engine, "lacks the role execute")
            #expect(engine.count(.execute) <= 5)
        }

        // MARK: What it says

        @Test(arguments: ["../../../etc", "/etc", "bramble/elsewhere", ""])
        func outputsAreElsewhere(path: String) async throws {
            let engine = engine()
            let result = ActionResultMessage.with {
                $0.outputDirectories = [.with { $0.path = path }]
            }
            engine.setExecutions(Array(repeating: .result(result), count: 20))
            try await build(engine) { machine, built in
                #expect(built.outcome.failures.allSatisfy { $0.failure.reason == .output })
                #expect(!built.outcome.isSuccess)
                try machine.checkStore()
            }
        }

        // MARK: Stopping

        /// Who stops a build stops what it has asked for, at once.
        @Test func whatIsCancelledIsCancelledThere() async throws {
            let engine = engine()
            engine.setExecutions(Array(repeating: .endless, count: 5))
            let start = ContinuousClock.now
            try await MemoryEngine.with(engine) { endpoint in
                let build = Task {
                    try await withConnection(endpoint.port) { connection in
                        let machine = try RemoteMachine()
                        let remote = try await RemoteStore(connection, signing: nil, trusted: nil)
                        return try await machine.build(
                            executor: RemoteExecutor(remote, machine.store, platform: [:]))
                    }
                }
                // Three of the five need nothing.
                while engine.count(.execute) < 3, .now - start < .seconds(20) {
                    try await Task.sleep(for: .milliseconds(5))
                }
                // Only what an engine has given a name can be cancelled there; the last one may not have its name yet.
                try await Task.sleep(for: .milliseconds(300))
                build.cancel()
                let outcome = await build.result
                #expect(throws: CancellationError.self) { try outcome.get() }
            }
            #expect((2...3).contains(engine.cancelled.count))
            #expect(.now - start < .seconds(5))
        }
    }
}
