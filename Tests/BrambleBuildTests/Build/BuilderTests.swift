import BrambleModel
import BrambleStore
import TestKit
import Testing

@testable import BrambleBuild

/// From a graph to outputs in the store.
@Suite struct BuilderTests {
    @Test func outputsReferToWhatTheyHold() async throws {
        let fixture = try BuildFixture()
        let a = try derivation("a", ["text"], outputs: ["out", "dev"])
        let b = try derivation("b", [reference(a), reference(a, "dev")])
        let c = try derivation("c", needs: [b])
        let built = try await fixture.build([a, b, c], with: FakeExecutor())
        let outcome = built.outcome
        #expect(outcome.isSuccess && outcome.isRepeatable)
        let ofA = try #require(outcome.output[a.hash]).outputs
        let ofB = try #require(outcome.output[b.hash]).outputs
        let ofC = try #require(outcome.output[c.hash]).outputs
        #expect(ofA.map(\.output.description) == ["out", "dev"])
        // Equal contents are one object.
        #expect(ofA[0].name == ofA[1].name)
        #expect(try fixture.read(ofA[0]) == "text\n")
        #expect(try fixture.read(ofB[0]) == "\(ofA[0].path)\n\(ofA[1].path)\n")
        #expect(try fixture.store.findReferences(of: ofB[0].name) == [ofA[0].name])
        #expect(try fixture.store.findReferences(of: ofC[0].name) == [ofB[0].name])
        #expect(
            try fixture.store.findClosure(of: [ofC[0].name])
                == [ofA[0].name, ofB[0].name, ofC[0].name])
        #expect(try fixture.leftovers() == "")
        #expect(try fixture.store.verify() == [])
    }

    @Test func buildersSeeTheClosureOfWhatTheyReferTo() async throws {
        let fixture = try BuildFixture()
        let a = try derivation("a", ["a"])
        let b = try derivation("b", needs: [a])
        // It does not refer to `a`, only to what holds a path of `a`.
        let c = try derivation("c", needs: [b])
        let other = try derivation("other", ["other"])
        let seen = NameList()
        let executor = FakeExecutor { run in
            if run.name == "c" { seen.append(run.job.closure.map(\.description)) }
            try await FakeExecutor.writesArguments(run)
        }
        let built = try await fixture.build([other, a, b, c], wanted: [c, other], with: executor)
        let names = [a, b].compactMap { built.outcome.output[$0.hash]?.outputs[0].name.description }
        #expect(seen.all == names)
    }

    @Test func secondBuildRunsNothing() async throws {
        let fixture = try BuildFixture()
        let derivations = try chain(5, first: ["text"])
        let executor = FakeExecutor()
        let first = try await fixture.build(derivations, with: executor)
        #expect(executor.takeNames() == ["n0", "n1", "n2", "n3", "n4"])
        let second = try await fixture.build(derivations, with: executor)
        #expect(executor.takeNames() == [])
        // What is below is not even looked for.
        #expect(second.events.reused == ["n4"])
        #expect(
            second.outcome.output[derivations[4].hash] == first.outcome.output[derivations[4].hash])
    }

    @Test func earlyCutoff() async throws {
        let fixture = try BuildFixture()
        let executor = FakeExecutor { run in
            guard run.name == "n0" else { return try await FakeExecutor.writesArguments(run) }
            try run.write("whatever it is told\n", to: "content")
        }
        let old = try chain(200, first: ["version 1"])
        _ = try await fixture.build(old, with: executor)
        #expect(executor.takeNames().count == 200)

        let changed = try chain(200, first: ["version 2"])
        let second = try await fixture.build(changed, with: executor)
        #expect(executor.takeNames() == ["n0"])
        #expect(second.events.reused == (1..<200).map { "n\($0)" })

        // Now the recipe is known as well.
        let third = try await fixture.build(changed, with: executor)
        #expect(executor.takeNames() == [])
        #expect(third.events.reused == ["n199"])
        // So is the old one still.
        let fourth = try await fixture.build(old, with: executor)
        #expect(fourth.events.reused == ["n199"])
    }

    @Test func changeThatShowsRebuildsWhatNeedsIt() async throws {
        let fixture = try BuildFixture()
        let executor = FakeExecutor()
        func graph(_ text: String) throws -> [Derivation] {
            let a = try derivation("a", [text])
            let b = try derivation("b", ["b"])
            let c = try derivation("c", needs: [a])
            return [a, b, c, try derivation("d", needs: [b, c])]
        }
        _ = try await fixture.build(try graph("1"), with: executor)
        _ = executor.takeNames()
        _ = try await fixture.build(try graph("2"), with: executor)
        #expect(executor.takeNames() == ["a", "c", "d"])
    }

    @Test func sourcesCount() async throws {
        let fixture = try BuildFixture()
        let executor = FakeExecutor { run in
            try run.write("\(run.job.sources?.description ?? "none")\n", to: "content")
        }
        let a = try derivation("a") { fields in
            fields.sources = SourceSet(paths: [try! RelativePath("src/a")])
        }
        try fixture.scratch.write("1\n", to: "sources/src/a")
        let first = try await fixture.build([a], with: executor)
        try fixture.scratch.write("not seen\n", to: "sources/src/b")
        let second = try await fixture.build([a], with: executor)
        #expect(executor.takeNames() == ["a"])
        #expect(second.events.reused == ["a"])
        try fixture.scratch.write("2, and longer\n", to: "sources/src/a")
        let third = try await fixture.build([a], with: executor)
        #expect(executor.takeNames() == ["a"])
        #expect(first.outcome.output.built != third.outcome.output.built)
    }

    @Test func sourcesThatNobodyGave() async throws {
        let fixture = try BuildFixture()
        let a = try derivation("a") { fields in
            fields.sources = SourceSet(paths: [try! RelativePath("src/a")])
        }
        let input = try BuildInput(graph: try DerivationGraph([a], roots: [a.hash]))
        let built = try await fixture.build(input, with: FakeExecutor())
        #expect(built.outcome.failures.map(\.failure.reason) == [.graph])
    }

    @Test func rebuilds() async throws {
        let fixture = try BuildFixture()
        let derivations = try chain(3, first: ["text"])
        let executor = FakeExecutor()
        _ = try await fixture.build(derivations, with: executor)
        _ = executor.takeNames()
        fixture.options.rebuilds = true
        let built = try await fixture.build(derivations, with: executor)
        // Only what is wanted.
        #expect(executor.takeNames() == ["n2"])
        #expect(built.outcome.isSuccess)
        #expect(built.events.reused == ["n1"])
    }

    @Test func lostOutputsAreBuiltAgain() async throws {
        let fixture = try BuildFixture()
        let derivations = try chain(3, first: ["text"])
        let executor = FakeExecutor()
        let first = try await fixture.build(derivations, with: executor)
        _ = executor.takeNames()
        try fixture.store.endLeases()
        let kept = try #require(first.outcome.output[derivations[1].hash]).outputs[0].name
        try fixture.store.lease([kept])
        _ = try fixture.store.collectGarbage(CollectionPolicy(keepSeconds: -10))
        let second = try await fixture.build(derivations, with: executor)
        #expect(executor.takeNames() == ["n2"])
        #expect(
            second.outcome.output[derivations[2].hash] == first.outcome.output[derivations[2].hash])
    }

    @Test func eventsInTheirOrder() async throws {
        let fixture = try BuildFixture()
        fixture.options.jobs = 1
        let a = try derivation("a", ["a"], outputs: ["out", "doc"])
        let b = try derivation("b", ["b"])
        let c = try derivation("c", needs: [a, b])
        let executor = FakeExecutor { run in
            run.line("building \(run.name)")
            if run.name == "c" { run.line("another line") }
            try await FakeExecutor.writesArguments(run)
        }
        let first = try await fixture.build([a, b, c], with: executor)
        let d = try derivation("d", needs: [c])
        let second = try await fixture.build([a, b, c, d], wanted: [b, d], with: executor)
        try GoldenFile("events.txt").check(
            "First:\n\(first.events.text)\nSecond, with `d` above:\n\(second.events.text)")
    }

    @Test func logIsKept() async throws {
        let fixture = try BuildFixture()
        let a = try derivation("a")
        let executor = FakeExecutor { run in
            for number in 0..<20_000 { run.line("line \(number)") }
        }
        let built = try await fixture.build([a], with: executor)
        let key = try #require(built.outcome.output[a.hash]).key
        let record = try #require(try fixture.store.findBuild(key))
        let log = try #require(record.facts.log)
        var bytes: [UInt8] = []
        try fixture.store.readBlob(log) { bytes += Array($0) }
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == (0..<20_000).map { "line \($0)\n" }.joined())
        #expect(record.facts.durationMilliseconds == 7)
        #expect(record.facts.derivation == a.name)
    }
}
