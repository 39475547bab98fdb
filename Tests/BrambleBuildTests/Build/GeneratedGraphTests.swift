import BrambleModel
import BrambleStore
import TestKit
import Testing

@testable import BrambleBuild

/// `derivation_output`: builders that write graphs.
@Suite struct GeneratedGraphTests {
    /// A derivation that makes a derivation.
    static func generator(
        _ name: String, _ arguments: [String] = [], outputs: [String] = ["out"],
        needs: [Derivation] = []
    ) throws -> Derivation {
        try derivation(
            name, builder: "derivation_output", ["/bin/fake"] + arguments, outputs: outputs,
            needs: needs)
    }

    static func json(_ derivations: [Derivation], roots: [Derivation]? = nil) throws -> String {
        let graph = try DerivationGraph(
            derivations, roots: (roots ?? derivations.suffix(1)).map(\.hash))
        return String(decoding: graph.canonicalJSON, as: UTF8.self)
    }

    /// Writes `graph.json` for those that are named, and arguments for all others.
    static func executor(_ graphs: [String: String]) -> FakeExecutor {
        FakeExecutor { run in
            guard let graph = graphs[run.name] else {
                return try await FakeExecutor.writesArguments(run)
            }
            try run.write(graph, to: GeneratedGraph.fileName)
        }
    }

    @Test func threeLevels() async throws {
        let fixture = try BuildFixture()
        fixture.options.jobs = 1
        let shared = try derivation("shared", ["shared"])
        let leaf = try derivation("leaf", ["leaf"], needs: [shared])
        let inner = try Self.generator("inner", needs: [shared])
        let middle = try Self.generator("middle")
        let outer = try Self.generator("outer", needs: [shared])
        let top = try derivation("top", needs: [outer])
        let executor = Self.executor([
            "outer": try Self.json([middle]), "middle": try Self.json([shared, inner]),
            "inner": try Self.json([shared, leaf]),
        ])
        let graph = [shared, outer, top]
        let built = try await fixture.build(graph, with: executor)
        #expect(built.outcome.isSuccess && built.outcome.isRepeatable)
        #expect(executor.takeNames() == ["shared", "outer", "middle", "inner", "leaf", "top"])
        let output = built.outcome.output
        let result = try #require(output[outer.hash]).outputs[0]
        #expect(result.name == output[leaf.hash]?.outputs[0].name)
        let ofShared = try #require(output[shared.hash]).outputs[0]
        #expect(try fixture.read(result) == "leaf\n\(ofShared.path)\n")
        let ofTop = try #require(output[top.hash]).outputs[0]
        #expect(try fixture.read(ofTop) == "\(result.path)\n")
        try GoldenFile("generated-events.txt").check(built.events.text)

        // The second time nothing is looked at but the top; with another top, its inputs.
        let second = try await fixture.build(graph, with: executor)
        #expect(second.events.reused == ["top"])
        let other = try derivation("other", needs: [outer])
        let third = try await fixture.build(graph + [other], with: executor)
        #expect(executor.takeNames() == ["other"])
        #expect(third.events.reused == ["outer"])
    }

    @Test func allOutputsOfTheRoot() async throws {
        let fixture = try BuildFixture()
        let root = try derivation("root", ["x"], outputs: ["dev", "doc", "out"])
        let maker = try Self.generator("maker", outputs: ["out", "dev"])
        let top = try derivation("top", [reference(maker, "dev")])
        let executor = Self.executor(["maker": try Self.json([root])])
        let built = try await fixture.build([maker, top], with: executor)
        let outputs = try #require(built.outcome.output[maker.hash]).outputs
        #expect(outputs.map(\.output.description) == ["out", "dev"])
    }

    @Test func earlyCutoffOfTheGraph() async throws {
        let fixture = try BuildFixture()
        let leaf = try derivation("leaf", ["leaf"])
        let executor = Self.executor(["maker": try Self.json([leaf])])
        for version in ["1", "2"] {
            let maker = try Self.generator("maker", [version])
            let top = try derivation("top", needs: [maker])
            _ = try await fixture.build([maker, top], with: executor)
        }
        #expect(executor.takeNames() == ["maker", "leaf", "top", "maker"])
    }

    @Test func sourcesFromTheGenerator() async throws {
        let fixture = try BuildFixture()
        let leaf = try derivation("leaf") { fields in
            fields.sources = SourceSet(paths: [try! RelativePath("src/hello")])
        }
        let maker = try Self.generator("maker")
        let (store, json) = (fixture.store, try Self.json([leaf]))
        let executor = FakeExecutor { run in
            if run.name == "maker" {
                try run.write(json, to: "graph.json")
                try TextFile.write("hello\n", to: (run.directories[.standard] ?? "") + "/src/hello")
                return try run.write("not a source\n", to: "other")
            }
            let sources = try #require(run.job.sources)
            try run.write(try listing(store.diskPath(of: sources)), to: "content")
        }
        let built = try await fixture.build([maker], with: executor)
        let output = try #require(built.outcome.output[maker.hash]).outputs[0]
        #expect(try fixture.read(output) == "dr-xr-xr-x src\n-r--r--r-- 3 6 src/hello\n")
    }

    /// A derivation that is the same in the project and in what was generated, with sources that differ.
    @Test func sameRecipeOtherSources() async throws {
        let fixture = try BuildFixture()
        let leaf = try derivation("leaf") { fields in
            fields.sources = SourceSet(paths: [try! RelativePath("text")])
        }
        try fixture.scratch.write("the project's\n", to: "sources/text")
        let maker = try Self.generator("maker")
        let (store, json) = (fixture.store, try Self.json([leaf]))
        let executor = FakeExecutor { run in
            if run.name == "maker" {
                try run.write(json, to: "graph.json")
                return try run.write("the generator's\n", to: "text")
            }
            guard let sources = run.job.sources else {
                return try await FakeExecutor.writesArguments(run)
            }
            try run.write(
                try TextFile.read(store.diskPath(of: sources) + "/text"), to: "content")
        }
        let top = try derivation("top", needs: [maker])
        let built = try await fixture.build(
            [leaf, maker, top], wanted: [leaf, top], with: executor)
        let ofMaker = try #require(built.outcome.output[maker.hash]).outputs[0]
        #expect(try fixture.read(ofMaker) == "the generator's\n")
        #expect(executor.takeNames().sorted() == ["leaf", "leaf", "maker", "top"])
        let alone = try await fixture.build([leaf], with: executor)
        let ofLeaf = try #require(alone.outcome.output[leaf.hash]).outputs[0]
        #expect(try fixture.read(ofLeaf) == "the project's\n")
    }

    @Test func otherBranchesDoNotWait() async throws {
        let fixture = try BuildFixture()
        fixture.options.jobs = 2
        let (finished, signal) = AsyncStream<Void>.makeStream()
        let leaf = try derivation("leaf", ["leaf"])
        let maker = try Self.generator("maker")
        let json = try Self.json([leaf])
        let other = try derivation("other", ["x"])
        let above = try derivation("above", needs: [other])
        let executor = FakeExecutor { run in
            if run.name == "maker" {
                // It ends only when the other branch has.
                for await _ in finished { break }
                return try run.write(json, to: "graph.json")
            }
            try await FakeExecutor.writesArguments(run)
            if run.name == "above" { signal.yield() }
        }
        let built = try await fixture.build(
            [maker, other, above], wanted: [maker, above], with: executor)
        #expect(built.outcome.isSuccess)
    }

    @Test func needsWhatHasFailed() async throws {
        let fixture = try BuildFixture()
        fixture.options.jobs = 1
        fixture.options.keepsGoing = true
        let bad = try derivation("bad")
        let leaf = try derivation("leaf", needs: [bad])
        let root = try derivation("root", needs: [leaf])
        let maker = try Self.generator("maker", ["after bad"])
        let top = try derivation("top", needs: [maker])
        let (json, recorder) = (try Self.json([bad, leaf, root]), EventRecorder())
        fixture.options.jobs = 2
        let executor = FakeExecutor { run in
            if run.name == "bad" { throw FakeExecutor.failure(run) }
            while recorder.all.allSatisfy({ if case .failed = $0 { false } else { true } }) {
                await Task.yield()
            }
            try run.write(json, to: "graph.json")
        }
        let built = try await fixture.build(
            [bad, maker, top], wanted: [bad, top], with: executor, reporting: recorder)
        #expect(built.outcome.failures.map(\.name.description) == ["bad"])
        let skips = built.events.text.split(separator: "\n").filter { $0.hasPrefix("skipped") }
        #expect(skips.first == "skipped leaf because bad")
        #expect(built.events.skipped.sorted() == ["leaf", "maker", "root", "top"])
    }

    /// What was made uses a tool that its maker was given, by the path that it has in the store.
    @Test func usesWhatItsMakerWasGiven() async throws {
        let fixture = try BuildFixture()
        let library = try derivation("library", ["library"])
        let tool = try derivation("tool", [reference(library)])
        let maker = try Self.generator("maker", needs: [tool])
        let executor = FakeExecutor { run in
            guard run.name == "maker" else { return try await FakeExecutor.writesArguments(run) }
            let path = StorePath(run.job.resolved.inputs[0], file: try! RelativePath("bin"))
            try run.write(try Self.json([try derivation("leaf", ["\(path)"])]), to: "graph.json")
        }
        let built = try await fixture.build(
            [library, tool, maker], wanted: [maker], with: executor)
        #expect(built.outcome.isSuccess)
        let output = built.outcome.output
        let ofTool = try #require(output[tool.hash]).outputs[0].name
        let ofMaker = try #require(output[maker.hash]).outputs[0].name
        #expect(try fixture.store.findReferences(of: ofMaker).contains(ofTool))
        // The same recipe in a project is another one: there nothing was given.
        let leaf = try derivation("leaf", ["\(StorePath(ofTool))/bin"])
        _ = executor.takeNames()
        _ = try await fixture.build([leaf], with: executor)
        #expect(executor.takeNames() == ["leaf"])
    }
}
