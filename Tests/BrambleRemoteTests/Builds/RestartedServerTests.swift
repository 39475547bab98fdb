import BrambleModel
import BrambleStore
import FoundationEssentials
import TestKit
import Testing

@testable import BrambleRemote

extension BuildFaultTests {
    /// Builds with a real server that goes and comes again, and with connections that break: nothing that it keeps
    /// is wrong afterwards.
    @Suite struct RestartedServerTests {
        /// Each blob of a server's folder is what its name says.
        private func checkFolder(_ folder: String) throws {
            let manager = FileManager.default
            var count = 0
            for prefix in try manager.contentsOfDirectory(atPath: folder + "/cas") {
                for name in try manager.contentsOfDirectory(atPath: "\(folder)/cas/\(prefix)") {
                    let bytes = try Data(
                        contentsOf: URL(filePath: "\(folder)/cas/\(prefix)/\(name)"))
                    #expect(ContentHash(of: Array(bytes)).hex == name)
                    count += 1
                }
            }
            #expect(count > 0)
        }

        /// It goes between two steps of a build, and comes again with what it has kept.
        @Test func inTheMiddleOfABuild() async throws {
            let (scratch, expected) = (try ScratchFolder(), try await RemoteMachine.expected())
            let folder = scratch.path + "/cache"
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            let port = try LoopbackSocket.freePort()
            var options = RunningServer.options(in: folder)
            options.address.port = port
            options.plainAddress = nil
            options.stopLimit = .seconds(2)
            let server = RestartableServer(options)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await server.run() }
                await server.listening(times: 1)
                try await withConnection(port) { connection in
                    let machine = try RemoteMachine()
                    let cache = try await RemoteStore(connection, signing: nil, trusted: nil)
                    let built = try await machine.build(cache: cache, publishes: true) { name in
                        if name == "large" { await server.restart() }
                    }
                    try machine.check(built, expected)
                }
                try await withConnection(port) { connection in
                    let cache = try await RemoteStore(connection, signing: nil, trusted: nil)
                    let machine = try RemoteMachine()
                    try machine.check(
                        try await machine.build(cache: cache, publishes: true), expected)
                    let third = try RemoteMachine()
                    let built = try await third.build(cache: cache)
                    try third.check(built, expected)
                    #expect(built.builtHere == [])
                }
                await server.stop()
                try await group.waitForAll()
            }
            try checkFolder(folder)
        }

        @Test(arguments: [100, 5_000, 50_000, 400_000, 800_000])
        func connectionsBreak(position: Int) async throws {
            let (scratch, expected) = (try ScratchFolder(), try await RemoteMachine.expected())
            try await RunningServer.use(in: scratch.path) { server in
                for fault in [
                    FaultyProxy.Fault.resetUp(after: position), .resetDown(after: position),
                    .flipUp(at: position), .flipDown(at: position),
                ] {
                    let proxy = try FaultyProxy(to: server.addresses.calls.port, faults: [fault])
                    defer { proxy.stop() }
                    try await withConnection(proxy.port) { connection in
                        let machine = try RemoteMachine()
                        let cache = try? await RemoteStore(connection, signing: nil, trusted: nil)
                        let built = try await machine.build(cache: cache, publishes: true)
                        try machine.check(built, expected)
                    }
                }
                // It serves on.
                #expect(try await server.missing([Digest(of: [1, 2, 3])]).count == 1)
            }
            try checkFolder(scratch.path)
        }
    }
}

/// A server in this process that is stopped and started anew at the same port, with the same folder.
private actor RestartableServer {
    private let options: ServerOptions
    private var signal = StopSignal()
    private var isStopped = false
    private var starts = 0

    init(_ options: ServerOptions) {
        self.options = options
    }

    func run() async throws {
        while !isStopped {
            signal = StopSignal()
            let server = try RemoteServer(options)
            try await server.run(until: signal) { _ in
                Task { await self.noteStart() }
            }
        }
    }

    private func noteStart() { starts += 1 }

    func restart() async {
        let before = starts
        signal.give()
        await listening(times: before + 1)
    }

    func listening(times: Int) async {
        while starts < times { await Task.yield() }
    }

    func stop() {
        isStopped = true
        signal.give()
    }
}
