import BrambleModel
import BrambleProject
import TestKit
import Testing

@testable import Bramble

/// What a cached evaluation looked at, and what changes of it are seen.
@Suite struct EvaluationCacheTests {
    private func project() throws -> ScratchFolder {
        let folder = try ScratchFolder()
        try folder.write(
            "[package]\nname = \"example.org/demo\"\nversion = \"0.1.0\"\n", to: "bramble.toml")
        try folder.write(
            """
            def one():
                sources = files(["*.txt"])
                return derivation(name = "one", builder = "/bin/sh", sources = sources)
            """, to: "default.bramble")
        try folder.write("", to: "a.txt")
        // Old stamps, which prove something.
        _ = try shell(folder, "touch -d @1000000000 * .")
        return folder
    }

    private func shell(_ folder: ScratchFolder, _ line: String) throws -> Int32 {
        try ShellCommand(folder: folder.path, environment: ["PATH=/usr/bin:/bin"]).run(line).status
    }

    private func inputs(_ folder: ScratchFolder) throws -> EvaluationInputs {
        let location = try ProjectLocation(searchingFrom: folder.path)
        let project = try OpenProject(location)
        let module = try #require(
            try project.targets.requests(["./..."]).first?.module)
        _ = try project.modules.source(of: module)
        _ = try project.recorder.search(
            .files(GlobQuery(base: [], include: ["*.txt"])), in: folder.path)
        return project.recorder.inputs
    }

    struct Change: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var command: String
        var isSeen: Bool

        init(_ command: String, isSeen: Bool) {
            testDescription = command
            self.command = command
            self.isSeen = isSeen
        }
    }

    @Test(arguments: [
        Change("true", isSeen: false),
        Change("touch default.bramble", isSeen: false),
        Change("echo x > a.txt", isSeen: false),
        Change("echo '# more' >> default.bramble", isSeen: true),
        Change("echo >> bramble.toml", isSeen: true),
        Change("touch b.txt", isSeen: true),
        Change("rm a.txt", isSeen: true),
        Change("echo a.txt > .brambleignore", isSeen: true),
        Change("touch more.bramble", isSeen: true),
        Change("mkdir empty", isSeen: false),
        Change("rm default.bramble", isSeen: true),
    ])
    func changesAreSeen(_ change: Change) throws {
        let folder = try project()
        let inputs = try inputs(folder)
        #expect(try shell(folder, change.command) == 0)
        #expect((inputs.check() == .changed) == change.isSeen)
    }

    @Test func recordsReadAsTheyWereWritten() throws {
        let folder = try project()
        var options = Workspace.Options()
        options.cacheFolder = folder.path + "-cache"
        defer { _ = try? shell(folder, "rm -r '\(folder.path)-cache'") }
        let workspace = try Workspace(from: folder.path, options: options)
        let first = try workspace.evaluate(["./..."])
        let second = try workspace.evaluate(["./..."])
        #expect(try first.graphJSON() == second.graphJSON())
        #expect(second.functions.map(\.target) == [".:one"])
        #expect(try second.graph() == first.graph())
    }

    /// A graph that the cache has lost is evaluated again.
    @Test(arguments: ["rm", "truncate -s 10", "sed -i s/one/two/"])
    func lostGraphs(_ damage: String) throws {
        let folder = try project()
        var options = Workspace.Options()
        options.cacheFolder = folder.path + "-cache"
        defer { _ = try? shell(folder, "rm -r '\(folder.path)-cache'") }
        let workspace = try Workspace(from: folder.path, options: options)
        let graph = try workspace.evaluate(["./..."]).graphJSON()
        let second = try workspace.evaluate(["./..."])
        #expect(try shell(folder, "\(damage) '\(folder.path)-cache'/graphs/*") == 0)
        #expect(try second.graphJSON() == graph)
    }

    @Test func damageIsNoCrash() throws {
        let evaluation = Evaluation(
            functions: [], messages: ["hello"],
            packages: [
                Evaluation.Package(name: try PackageName("example.org/x"), folder: "/somewhere")
            ], graphText: GraphText(DerivationGraph()))
        let inputs = EvaluationInputs(
            files: [EvaluationInputs.File(absent: "/nowhere")], searches: [])
        let bytes = EvaluationRecord(inputs: inputs, result: evaluation).bytes
        let record = try EvaluationRecord(from: RecordReader(bytes))
        #expect(record.messages == ["hello"] && record.packages == evaluation.packages)
        for length in bytes.indices {
            #expect(throws: RecordReader.Damage.self) {
                try EvaluationRecord(from: RecordReader(Array(bytes[..<length])))
            }
        }
        for position in bytes.indices {
            var damaged = bytes
            damaged[position] ^= 0xFF
            _ = try? EvaluationRecord(from: RecordReader(damaged))
        }
    }
}
