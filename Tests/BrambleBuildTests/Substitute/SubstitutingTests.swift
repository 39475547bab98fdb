import BrambleModel
import BrambleStore
import TestSupport
import Testing

@testable import BrambleBuild

/// What one machine has built, another one does not.
@Suite struct SubstitutingTests {
    /// Writes what has nothing to do with the arguments: outputs refer to nothing.
    private static let writesName: FakeExecutor.Body = { run in
        for output in run.job.outputs {
            run.line("making \(run.name)")
            try run.write(run.name, to: "content", in: output.description)
        }
    }

    private func machine(_ cache: any ContentStore) throws -> BuildFixture {
        let fixture = try BuildFixture()
        fixture.cache = cache
        return fixture
    }

    @Test func anotherMachineBuildsNothingAndFetchesWhatIsWanted() async throws {
        let cache = MemoryStore()
        let (here, there) = (try machine(cache), try machine(cache))
        let derivations = try chain(5, first: ["text"])
        let executor = FakeExecutor(SubstitutingTests.writesName)
        _ = try await here.build(derivations, with: executor)
        #expect(executor.takeNames().count == 5)

        let built = try await there.build(derivations, with: executor)
        #expect(executor.takeNames() == [])
        #expect(built.outcome.summary.substituted == 1)
        // What is below is neither looked for nor fetched.
        #expect(try there.store.objects().count == 1)
        let output = try #require(built.outcome.output[derivations[4].hash]?.outputs.first)
        #expect(try there.read(output) == "n4")
        #expect(try there.store.verify() == [])
        // The log has come along.
        let record = try #require(try there.store.builds().first)
        let log = try await there.store.readBlob(try #require(record.facts.log))
        #expect(String(decoding: log, as: UTF8.self) == "making n4\n")

        let again = try await there.build(derivations, with: executor)
        #expect(again.outcome.summary.substituted == 0 && executor.takeNames() == [])
    }

    @Test func whatRefersToOthersComesWithThem() async throws {
        let cache = MemoryStore()
        let (here, there) = (try machine(cache), try machine(cache))
        let derivations = try chain(4, first: ["text"])
        let executor = FakeExecutor()
        let first = try await here.build(derivations, with: executor)
        _ = executor.takeNames()
        let second = try await there.build(derivations, with: executor)
        #expect(executor.takeNames() == [])
        let hash = derivations[3].hash
        #expect(second.outcome.output[hash]?.outputs == first.outcome.output[hash]?.outputs)
        #expect(try there.store.objects() == (try here.store.objects()))
        #expect(try there.store.verify() == [])
    }

    /// Another recipe with the same inputs: found by what goes in, not by the recipe.
    @Test func earlyCutoffCrossesMachines() async throws {
        let cache = MemoryStore()
        let (here, there) = (try machine(cache), try machine(cache))
        let executor = FakeExecutor { run in try run.write("same", to: "content") }
        let a = try derivation("a", ["one"])
        _ = try await here.build([a, try derivation("b", needs: [a])], with: executor)
        _ = executor.takeNames()
        let other = try derivation("a", ["two"])
        let built = try await there.build(
            [other, try derivation("b", needs: [other])], with: executor)
        #expect(executor.takeNames() == ["a"])
        #expect(built.outcome.summary.substituted == 1)
    }

    @Test(arguments: [FaultyContentStore.Call.read, .tree, .closure])
    func whatIsLostIsBuilt(_ call: FaultyContentStore.Call) async throws {
        let cache = MemoryStore()
        let here = try machine(cache)
        let there = try machine(
            FaultyContentStore(
                cache,
                before: { (happening) throws(StoreError) in
                    if happening == call { throw StoreError(.notFound, "it is lost") }
                }))
        let derivations = try chain(3, first: ["text"])
        let executor = FakeExecutor()
        let first = try await here.build(derivations, with: executor)
        _ = executor.takeNames()
        let second = try await there.build(derivations, with: executor)
        #expect(second.outcome.isSuccess)
        #expect(executor.takeNames() == ["n0", "n1", "n2"])
        #expect(second.outcome.output == first.outcome.output)
        #expect(try there.store.verify() == [])
    }

    @Test func wrongBytesAreNotBelieved() async throws {
        let cache = MemoryStore()
        let here = try machine(cache)
        let there = try machine(
            FaultyContentStore(cache, change: { $0.map { byte in byte ^ 1 } }))
        let derivations = try chain(2, first: ["text"])
        let executor = FakeExecutor()
        let first = try await here.build(derivations, with: executor)
        _ = executor.takeNames()
        let second = try await there.build(derivations, with: executor)
        #expect(executor.takeNames() == ["n0", "n1"])
        #expect(second.outcome.output == first.outcome.output)
        #expect(second.events.warnings.allSatisfy { $0.contains("built instead") })
        #expect(!second.events.warnings.isEmpty)
        #expect(try there.store.verify() == [])
    }

    @Test(arguments: [FaultyContentStore.Call.build, .read, .add, .record])
    func whatCannotBeReachedIsReportedOnce(_ call: FaultyContentStore.Call) async throws {
        let cache = MemoryStore()
        let there = try machine(
            FaultyContentStore(
                cache,
                before: { (happening) throws(StoreError) in
                    if happening == call { throw StoreError(.unreachable, "the cache is away") }
                }))
        if call == .read {
            _ = try await machine(cache).build(try chain(3, first: ["text"]), with: FakeExecutor())
        }
        let executor = FakeExecutor()
        let built = try await there.build(try chain(3, first: ["text"]), with: executor)
        #expect(built.outcome.isSuccess)
        #expect(executor.takeNames() == ["n0", "n1", "n2"])
        #expect(
            built.events.warnings == ["the cache is away; the build goes on without it"])
    }

    @Test func whatIsNotToBePublishedIsNot() async throws {
        let cache = MemoryStore()
        let here = try machine(cache)
        here.publishes = false
        let derivations = try chain(2, first: ["text"])
        _ = try await here.build(derivations, with: FakeExecutor())
        let executor = FakeExecutor()
        _ = try await machine(cache).build(derivations, with: executor)
        #expect(executor.takeNames() == ["n0", "n1"])
    }

    @Test func dryRunAsksAndFetchesOnlyWhatIsThere() async throws {
        let cache = MemoryStore()
        let derivations = try chain(3, first: ["text"])
        _ = try await machine(cache).build(
            Array(derivations.prefix(2)), with: FakeExecutor())
        let there = try machine(cache)
        there.options.isDryRun = true
        let built = try await there.build(derivations, with: FakeExecutor())
        #expect(built.outcome.pending.map(\.description) == ["n2"])
    }

    @Test func generatedGraphsAreFoundAsWell() async throws {
        let cache = MemoryStore()
        let executor = FakeExecutor { run in
            if run.name == "maker" {
                let inner = try derivation("inner", ["made"])
                let graph = try DerivationGraph([inner], roots: [inner.hash])
                try run.write(
                    String(decoding: graph.canonicalJSON, as: UTF8.self), to: "graph.json")
            } else {
                try await FakeExecutor.writesArguments(run)
            }
        }
        let maker = try derivation("maker", builder: "derivation_output", ["/bin/maker"])
        let top = try derivation("top", needs: [maker])
        let first = try await machine(cache).build([maker, top], with: executor)
        try #require(first.outcome.isSuccess, "\(first.outcome.failures)")
        #expect(executor.takeNames() == ["maker", "inner", "top"])
        let second = try await machine(cache).build([maker, top], with: executor)
        #expect(executor.takeNames() == [])
        let changed = try derivation("top", ["more"], needs: [maker])
        _ = try await machine(cache).build([maker, changed], with: executor)
        #expect(executor.takeNames() == ["top"])
        #expect(second.outcome.output[top.hash] != nil)
    }

    @Test func everythingOfAStoreCanBePushed() async throws {
        let cache = MemoryStore()
        let here = try BuildFixture()
        let derivations = try chain(3, first: ["text"])
        _ = try await here.build(derivations, with: FakeExecutor())
        let pushed = try await CachePush(from: here.store, to: cache).push(nil)
        #expect(pushed.builds == 3 && pushed.objects == 3)
        let executor = FakeExecutor()
        let built = try await machine(cache).build(derivations, with: executor)
        #expect(executor.takeNames() == [])
        #expect(built.outcome.summary.substituted == 1)
        #expect(try await CachePush(from: here.store, to: cache).push(nil).objects == 0)
    }
}
