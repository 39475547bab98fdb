import BrambleModel
import BrambleREAPI
import BrambleStore
import GRPCCore
import Synchronization
import TestKit
import TestSupport
import Testing

@testable import BrambleBuild
@testable import BrambleRemote

@Suite("Whole builds on a server") struct BuildServiceTests {
    @Test("A build yields what it would have here, in this machine's store; then nothing is built")
    func sameAsHere() async throws {
        let setting = try BuildingServer()
        let one = try derivation("one", ["1"])
        let two = try derivation("two", ["2"], needs: [one])
        try await setting.use { server in
            let built = try await setting.build([one, two], at: server)
            #expect(built.outcome.isSuccess)
            #expect(setting.executor.takeNames() == ["one", "two"])
            #expect(
                built.events.names == [
                    "started one by server", "logged building one", "finished",
                    "started two by server", "logged building two", "finished",
                    "ended built 2 fetched 0 reused 0 substituted 0 failed 0 skipped 0",
                ])
            let output = try #require(built.outcome.output[two.hash]?.outputs.first)
            #expect(try setting.read(output).hasPrefix("2\n/bramble/content-addressed"))
            // With what it refers to.
            let closure = try setting.clientStore.findClosure(of: [output.name])
            #expect(closure.count == 2)

            let again = try await setting.build([one, two], at: server)
            #expect(setting.executor.takeNames() == [])
            #expect(again.events.names.first == "reused two")
            #expect(again.outcome.output[two.hash] == built.outcome.output[two.hash])

            // The same, without a server.
            let here = try BuildingServer()
            let input = try BuildInput(graph: try DerivationGraph([one, two], roots: [two.hash]))
            let local = try await here.host().build(BuildOrder(input, .init()) { _ in }, here.store)
            {
                (_, _) throws(StoreError) in throw StoreError(.notFound, "there are no sources")
            }
            #expect(local.output[two.hash] == built.outcome.output[two.hash])
        }
    }

    @Test("What the server has already comes as a substitute, and can be found by its recipe here")
    func reusedThere() async throws {
        let setting = try BuildingServer()
        let one = try derivation("one", ["1"])
        try await setting.use { server in
            _ = try await setting.build([one], at: server)
            let other = try LocalStore(setting.scratch.path + "/other")
            let events = EventList()
            let input = try BuildInput(graph: try DerivationGraph([one], roots: [one.hash]))
            let outcome = try await setting.withRemote(server) { remote in
                try await RemoteBuilder(remote, other).build(
                    BuildOrder(input, .init()) { events.append($0) }, [])
            }
            #expect(
                events.all.names == [
                    "started one by substitute", "finished",
                    "ended built 0 fetched 0 reused 0 substituted 1 failed 0 skipped 0",
                ])
            // As if it had been built here: log, record, recipe.
            let built = try #require(outcome.output[one.hash])
            let key = try BuildMemory.lastKey(of: one.hash, in: other)
            #expect(key == built.key)
            let log = try #require(try other.findBuild(built.key)?.facts.log)
            #expect(try await other.readBlob(log) == Array("building one\n".utf8))
            let recipe = try #require(
                WantedRecipes(input, outcome.output).keys[one.hash])
            #expect(try BuildMemory(other).recall(recipe)?.outputs == built.outputs)
        }
    }

    @Test("Results that are dropped before they are fetched are asked for again")
    func lostResults() async throws {
        let setting = try BuildingServer()
        let one = try derivation("one", ["1"])
        let input = try BuildInput(graph: try DerivationGraph([one], roots: [one.hash]))
        try await setting.use(maximumBytes: 100_000) { server in
            let built = try await setting.build([one], at: server)
            for (losses, succeeds) in [(1, true), (2, true), (Int.max, false)] {
                let other = try LocalStore(setting.scratch.path + "/other-\(losses)")
                let count = Mutex(0)
                let order = BuildOrder(input, .init()) { event in
                    // The last moment before it is fetched.
                    guard case .started(_, _, .substitute, _) = event else { return }
                    let number = count.withLock { count in
                        count += 1
                        return count
                    }
                    if number <= losses { BuildServiceTests.fill(server) }
                }
                let outcome = try await setting.withRemote(server) { remote -> BuildOutcome? in
                    do {
                        return try await RemoteBuilder(remote, other).build(order, [])
                    } catch let error as StoreError {
                        // Who loses it each time is not asked for ever.
                        #expect(error.code == .unreachable)
                        return nil
                    }
                }
                #expect(count.withLock { $0 } == min(losses, 2) + 1)
                #expect((outcome != nil) == succeeds)
                #expect(succeeds == (outcome?.output[one.hash] == built.outcome.output[one.hash]))
                #expect(try other.verify() == [])
            }
        }
    }

    /// Uploads so much that the server drops all else.
    private static func fill(_ server: RunningServer) {
        guard let address = server.addresses.plain else { return }
        let program = """
            import hashlib, os, urllib.request
            for _ in range(20):
                data = os.urandom(20_000)
                url = "http://\(address)/cas/" + hashlib.sha256(data).hexdigest()
                urllib.request.urlopen(urllib.request.Request(url, data=data, method="PUT"))
            """
        let shell = ShellCommand(
            folder: server.folder, environment: ["PATH=/usr/bin:/bin", "PROGRAM=\(program)"])
        let outcome = try? shell.run("python3 -c \"$PROGRAM\"")
        #expect(outcome?.status == 0, "\(outcome?.standardError ?? "")")
    }

    @Test("Only the sources that the server lacks are sent") func missingSources() async throws {
        let setting = try BuildingServer { job, output, _ in
            try TextFile.write(
                "\(job.sources.map { "\($0)" } ?? "none")\n", to: output + "/content")
        }
        for (path, text) in [("a/x", "x"), ("a/y", "y"), ("b/z", "z")] {
            try setting.scratch.write(text, to: "sources/\(path)")
        }
        let one = try derivation("one", sources: ["a/x", "a/y", "b/z"])
        try await setting.use { server in
            func send() async throws -> Int {
                try await setting.withRemote(server) { remote in
                    let threads = DiskThreads(count: 1)
                    let trees = try setting.sourceTrees(of: [one]).map(\.1)
                    let count = try await SourceUpload(remote: remote, threads: threads).send(trees)
                    await threads.shutDown()
                    return count
                }
            }
            // Three files and three directories.
            #expect(try await send() == 6)
            #expect(try await send() == 0)
            let first = try await setting.build([one], at: server)
            try setting.scratch.write("changed", to: "sources/b/z")
            // The file, its directory, the root.
            #expect(try await send() == 3)
            let second = try await setting.build([one], at: server)
            #expect(setting.executor.takeNames() == ["one", "one"])
            let outputs = [first, second].compactMap { $0.outcome.output[one.hash]?.outputs.first }
            #expect(outputs.count == 2 && outputs[0].name != outputs[1].name)
            // The builder saw the sources as an object of the server's store.
            let text = try setting.read(outputs[1])
            let name = try StoreName(String(text.dropLast()))
            let file = setting.store.diskPath(of: name) + "/b/z"
            #expect(try TextFile.read(file) == "changed")
        }
    }

    @Test("A file that changes while it is sent is told, and not built")
    func changingSources() async throws {
        let setting = try BuildingServer()
        try setting.scratch.write("before", to: "sources/x")
        try setting.scratch.write("other", to: "sources/y")
        let one = try derivation("one", sources: ["x", "y"])
        try await setting.use { server in
            let trees = try setting.sourceTrees(of: [one]).map(\.1)
            try setting.scratch.write("behind", to: "sources/x")
            let error = try await setting.withRemote(server) { remote in
                let threads = DiskThreads(count: 1)
                let error = await #expect(throws: StoreError.self) {
                    try await SourceUpload(remote: remote, threads: threads).send(trees)
                }
                await threads.shutDown()
                return error
            }
            #expect(error?.code == .corrupt)
            #expect(error?.message.contains("changed since the build has begun") == true)
        }
    }

    @Test("A builder that fails: its failure, its log, and nothing of what needs it")
    func failing() async throws {
        let setting = try BuildingServer { job, output, line in
            guard job.resolved.name.description == "bad" else {
                return try await BuildingServer.writing(job, output, line)
            }
            for number in 1...30 { line("line \(number)") }
            throw BuildFailure(job, endedWith: 3)
        }
        let bad = try derivation("bad")
        let above = try derivation("above", needs: [bad])
        let other = try derivation("other")
        try await setting.use { server in
            let built = try await setting.build(
                [bad, other, above], wanted: [above, other], at: server, keepsGoing: true)
            #expect(built.outcome.failures.map(\.name.description) == ["bad"])
            #expect(built.outcome.failures.first?.failure.status == 3)
            #expect(built.events.names.contains("skipped above"))
            // What did not need it is here.
            let output = try #require(built.outcome.output[other.hash]?.outputs.first)
            #expect(try setting.clientStore.areWhole([output.name]))
            #expect(built.outcome.output[above.hash] == nil)
            let record = try #require(
                try FailureRecord.find(bad.hash, in: setting.clientStore))
            let log = try await setting.clientStore.readBlob(try #require(record.log))
            #expect(String(decoding: log, as: UTF8.self).split(separator: "\n").count == 30)
        }
    }

    @Test("Without keep-going, nothing is begun after a failure") func notKeepingGoing()
        async throws
    {
        let setting = try BuildingServer { job, _, _ in throw BuildFailure(job, endedWith: 1) }
        let derivations = try (0..<20).map { try derivation("d\($0)") }
        try await setting.use { server in
            let stopped = try await setting.build(derivations, wanted: derivations, at: server)
            #expect(stopped.outcome.failures.count < 20)
            let all = try await setting.build(
                derivations, wanted: derivations, at: server, keepsGoing: true)
            #expect(all.outcome.failures.count == 20)
        }
    }

    @Test("What fetches yield comes back as hashes to lock") func fetches() async throws {
        let folder = try ScratchFolder()
        try folder.write("content", to: "shown/file")
        try folder.write("secret", to: "hidden")
        let setting = try BuildingServer(files: .below([folder.path + "/shown"]))
        let url = "file://\(folder.path)/shown/file"
        let wanted = try fetch(url)
        try await setting.use { server in
            let built = try await setting.build([wanted], at: server)
            #expect(
                built.outcome.output.newURLHashes == [
                    URLHash(url: try SourceURL(url), hash: ContentHash(of: Array("content".utf8)))
                ])
            let output = try #require(built.outcome.output[wanted.hash]?.outputs.first)
            #expect(try setting.read(output, "file") == "content")
            // Files that the server does not show are nobody's.
            for path in ["hidden", "shown/../hidden", "nothing"] {
                let refused = try await setting.build(
                    [try fetch("file://\(folder.path)/\(path)")], at: server)
                #expect(refused.outcome.failures.first?.failure.reason == .fetch, "\(path)")
                #expect(
                    refused.outcome.failures.first?.failure.message.contains(
                        "is not a file that this machine shows") == true)
            }
        }
    }

    @Test("A task that is cancelled ends the build on the server") func cancelling() async throws {
        let ended = AsyncStream.makeStream(of: Void.self)
        let setting = try BuildingServer { _, _, _ in
            defer { ended.continuation.finish() }
            try await Task.sleep(for: .seconds(600))
        }
        let one = try derivation("one")
        try await setting.use { server in
            let events = EventList()
            let build = Task { try await setting.build([one], at: server, events: events) }
            await events.wait { if case .started = $0 { true } else { false } }
            let start = ContinuousClock.now
            build.cancel()
            let result = await build.result
            #expect(throws: CancellationError.self) { try result.get() }
            for await _ in ended.stream {}
            // Long before anybody would notice that nobody follows it.
            #expect(.now - start < .seconds(5))
        }
    }

    @Test("Without room, what builds have yielded goes, but nothing that one needs while it runs")
    func roomOfTheStore() async throws {
        let gate = AsyncStream.makeStream(of: Void.self)
        let setting = try BuildingServer { job, output, line in
            if job.resolved.name.description == "two" { for await _ in gate.stream {} }
            try await BuildingServer.writing(job, output, line)
        }
        let one = try derivation("one", ["1"])
        let two = try derivation("two", ["2"], needs: [one])
        let none = try #require(StoreUpkeep(setting.host(maximumStoreBytes: 1)))
        let enough = try #require(StoreUpkeep(setting.host(maximumStoreBytes: 1 << 20)))
        try await setting.use { server in
            let events = EventList()
            async let building = setting.build([one, two], at: server, events: events)
            await events.wait {
                if case .started(_, let name, _, _) = $0 { name == two.name } else { false }
            }
            try none.tidy()
            #expect(try setting.store.objects().count == 1)
            gate.continuation.finish()
            #expect(try await building.outcome.isSuccess)
            try enough.tidy()
            #expect(try setting.store.objects().count == 2)
            try none.tidy()
            #expect(try setting.store.objects().isEmpty)
        }
    }

    @Test("The server's own cache is a store as others") func cacheStore() async throws {
        let scratch = try ScratchFolder()
        let threads = DiskThreads(count: 2)
        let folder = try CacheFolder(path: scratch.path + "/cache", maximumBytes: 1 << 30)
        let store = CacheStore(ActionResults(folder: folder), instance: "main", threads)
        try await ContentStoreContract(store).check()
        await threads.shutDown()
    }
}
