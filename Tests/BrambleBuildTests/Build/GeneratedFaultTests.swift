import BrambleModel
import BrambleStore
import TestKit
import Testing

@testable import BrambleBuild

/// What a `derivation_output` can do wrong.
@Suite struct GeneratedFaultTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Files of the output.
        var files: [String: String] = [:]
        /// What else is done in the directory of the output; `$HOST` is a folder outside.
        var script = "true"
        var outputs = ["out"]
    }

    static let cases: [Case] = {
        do {
            return try makeCases()
        } catch {
            preconditionFailure("a sample is wrong: \(error)")
        }
    }()

    private static func makeCases() throws -> [Case] {
        let leaf = try derivation("leaf", ["leaf"])
        let other = try derivation("other", ["other"])
        let ofPackage = try derivation("leaf") { fields in
            fields.sources = SourceSet(
                package: try! PackageName("example.org/x"), paths: [try! RelativePath("a")])
        }
        let stranger = try derivation(
            "leaf", ["--with=\(StorePath.prefix)\(String(repeating: "a", count: 32))/bin"])
        let withSource = try derivation("leaf") { fields in
            fields.sources = SourceSet(paths: [try! RelativePath("folder/a")])
        }
        func file(_ derivations: [Derivation], roots: [Derivation]? = nil) throws -> [String:
            String]
        {
            [GeneratedGraph.fileName: try GeneratedGraphTests.json(derivations, roots: roots)]
        }
        return [
            Case(testDescription: "no file"),
            Case(testDescription: "empty file", files: [GeneratedGraph.fileName: ""]),
            Case(testDescription: "no JSON", files: [GeneratedGraph.fileName: "{ \"schema\": "]),
            Case(testDescription: "other schema", files: [GeneratedGraph.fileName: "{}"]),
            Case(
                testDescription: "unknown fields",
                files: [
                    GeneratedGraph.fileName:
                        #"{"schema": "bramble/derivation-graph/1", "a": 1, "b": 2, "c": 3}"#
                ]),
            Case(testDescription: "no root", files: try file([leaf], roots: [])),
            Case(
                testDescription: "two roots", files: try file([leaf, other], roots: [leaf, other])),
            Case(
                testDescription: "missing output", files: try file([leaf]), outputs: ["out", "dev"]),
            Case(testDescription: "source of a package", files: try file([ofPackage])),
            Case(testDescription: "object that was not given", files: try file([stranger])),
            Case(testDescription: "missing source", files: try file([withSource])),
            Case(
                testDescription: "source behind a link", files: try file([withSource]),
                script:
                    "mkdir $HOST/elsewhere; echo secret >$HOST/elsewhere/a; ln -s $HOST/elsewhere folder"
            ),
            Case(
                testDescription: "link in place of the file", script: "ln -s /dev/zero graph.json"),
            Case(testDescription: "directory in place of the file", script: "mkdir graph.json"),
        ]
    }

    @Test(arguments: cases)
    func fault(_ testCase: Case) async throws {
        let fixture = try BuildFixture()
        let maker = try GeneratedGraphTests.generator("maker", outputs: testCase.outputs)
        let top = try derivation("top", needs: [maker])
        let host = fixture.scratch.path
        let executor = FakeExecutor { run in
            for (name, text) in testCase.files { try run.write(text, to: name) }
            let outcome = try ShellCommand(
                folder: run.directories[.standard] ?? "",
                environment: ["PATH=/usr/bin:/bin", "HOST=\(host)"]
            ).run(testCase.script)
            #expect(outcome.status == 0)
        }
        let built = try await fixture.build([maker, top], with: executor)
        #expect(built.outcome.failures.map(\.failure.reason) == [.graph])
        #expect(built.events.skipped == ["top"])
        let name = testCase.testDescription.replacing(" ", with: "-")
        try GoldenFile("graph-fault-\(name).txt").check(
            built.outcome.failures.map { EventRecorder.text($0.failure) + "\n" }.joined())
    }

    /// A generator that makes itself, one deeper each time.
    @Test func tooDeep() async throws {
        let fixture = try BuildFixture()
        let executor = FakeExecutor { run in
            let depth = (run.job.command.last.flatMap { Int($0) } ?? 0) + 1
            let next = try GeneratedGraphTests.generator("deeper", ["\(depth)"])
            try run.write(try GeneratedGraphTests.json([next]), to: GeneratedGraph.fileName)
        }
        let maker = try GeneratedGraphTests.generator("deeper", ["0"])
        let built = try await fixture.build([maker], with: executor)
        // Sixteen inside of each other are allowed, so the graph of the next one is refused.
        #expect(executor.takeNames().count == 17)
        #expect(built.outcome.output.built == [])
        #expect(built.outcome.summary.skipped == 16)
        try GoldenFile("graph-fault-too-deep.txt").check(
            built.outcome.failures.map { EventRecorder.text($0.failure) + "\n" }.joined())
    }

    @Test func deepEnough() async throws {
        let fixture = try BuildFixture()
        let executor = FakeExecutor { run in
            guard let depth = run.job.command.last.flatMap({ Int($0) }) else {
                return try await FakeExecutor.writesArguments(run)
            }
            let next =
                depth == 15
                ? try derivation("leaf", ["leaf"])
                : try GeneratedGraphTests.generator("deeper", ["\(depth + 1)"])
            try run.write(try GeneratedGraphTests.json([next]), to: GeneratedGraph.fileName)
        }
        let maker = try GeneratedGraphTests.generator("deeper", ["0"])
        let built = try await fixture.build([maker], with: executor)
        #expect(built.outcome.isSuccess)
        #expect(executor.takeNames().count == 17)
    }

    @Test(.timeLimit(.minutes(1)))
    func makesItself() async throws {
        let fixture = try BuildFixture()
        let maker = try GeneratedGraphTests.generator("maker")
        let top = try derivation("top", needs: [maker])
        let graphs = [
            "itself": try GeneratedGraphTests.json([maker]),
            "needs-itself": try GeneratedGraphTests.json([maker, top]),
        ]
        for (name, json) in graphs.sorted(by: { $0.key < $1.key }) {
            let built = try await fixture.build(
                [maker, top], with: GeneratedGraphTests.executor(["maker": json]))
            #expect(built.events.skipped == ["top"])
            try GoldenFile("graph-fault-\(name).txt").check(
                built.outcome.failures.map { EventRecorder.text($0.failure) + "\n" }.joined())
        }
    }

    /// Two that make each other: the second one to be spliced is refused.
    @Test(.timeLimit(.minutes(1)))
    func makeEachOther() async throws {
        let fixture = try BuildFixture()
        let one = try GeneratedGraphTests.generator("one")
        let two = try GeneratedGraphTests.generator("two")
        let built = try await fixture.build(
            [one, two], wanted: [one, two],
            with: GeneratedGraphTests.executor([
                "one": try GeneratedGraphTests.json([two]),
                "two": try GeneratedGraphTests.json([one]),
            ]))
        #expect(built.outcome.failures.map(\.failure.reason) == [.graph])
        #expect(built.outcome.summary.skipped == 1)
    }
}
