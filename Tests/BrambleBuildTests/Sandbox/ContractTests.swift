import BrambleModel
import BrambleStore
import TestKit
import Testing

@testable import BrambleBuild

/// What a builder sees and is told (DESIGN, "Sandbox contract").
@Suite struct ContractTests {
    @Test func environment() async throws {
        let fixture = try SandboxFixture()
        // The program itself, as a shell adds variables of its own.
        let it = try derivation(
            "it", builder: "/bin/env",
            env: ["GREETING": "hello world", "bb": reference(fixture.busybox)],
            outputs: ["out", "dev"]
        ) { fields in
            fields.links = ["/bin/env": reference(fixture.busybox) + "/busybox"]
        }
        let built = try await fixture.run([it])
        #expect(built.outcome.isSuccess)
        let lines = SandboxFixture.log(built).split(separator: "\n").sorted()
        try GoldenFile("environment.txt").check(lines.map { $0 + "\n" }.joined())
        // Where an output stands while it is built follows from its name.
        let placeholder = Placeholder(derivation: it.name, output: .standard).storeName
        #expect(
            built.events.all.contains {
                if case .logged(_, let text) = $0 {
                    text == "out=\(StorePath(placeholder))\n"
                } else {
                    false
                }
            })
    }

    @Test func worldOfABuilder() async throws {
        let fixture = try SandboxFixture()
        let input = try fixture.script("input", "echo text >$out/file; mkdir $out/folder")
        try fixture.build.scratch.write("a source\n", to: "sources/src/here/file")
        try fixture.build.scratch.write("not a source\n", to: "sources/src/other")
        let it = try fixture.script(
            "it",
            """
            echo "directory: $(pwd)"; echo "arguments: $*"
            echo "root:" $(ls /); echo "bin:" $(ls /bin)
            find /build -mindepth 1 -exec stat -c '%A %Y %n' {} + | sort
            for path in $1/file /etc/passwd; do
                (echo more >>$path) 2>&1; (rm -f $path) 2>&1
            done
            (touch $1/new) 2>&1; (chmod 777 $1/file) 2>&1
            cat $1/file
            echo changed >file && echo new >../new && echo "sources can be changed"
            stat -c 'output: %A' $out
            ls /bramble/content-addressed-and-relocatable/store 2>&1
            umask; hostname; id
            """, needs: [input]
        ) { fields in
            fields.sources = SourceSet(
                base: try! RelativePath("src/here"), paths: [try! RelativePath("src/here/file")])
        }
        let built = try await fixture.run([input, it])
        #expect(SandboxFixture.failure(built) == "")
        try GoldenFile("world.txt").check(SandboxFixture.log(built))
        // What the builder did to its copy, it did not do to the sources or to the store.
        let source = fixture.build.sourceFolder + "/src/here/file"
        #expect(try TextFile.read(source) == "a source\n")
        #expect(try fixture.build.store.verify() == [])
    }

    @Test func startsWhereNoSourceIs() async throws {
        let fixture = try SandboxFixture()
        try fixture.build.scratch.write("a source\n", to: "sources/file")
        let it = try fixture.script("it", "pwd; ls -A . ../..") { fields in
            fields.sources = SourceSet(
                base: try! RelativePath("a/b"), paths: [try! RelativePath("file")])
        }
        let built = try await fixture.run([it])
        #expect(SandboxFixture.log(built) == "/build/a/b\n.:\n\n../..:\na\nfile\n")
    }

    /// A source that is a symlink, where the builder is to start: nothing is made behind it.
    @Test func startsBehindALink() async throws {
        let fixture = try SandboxFixture()
        try fixture.build.shell("mkdir sources outside; ln -s $PWD/outside sources/link")
        let it = try fixture.script("it", "pwd") { fields in
            fields.sources = SourceSet(
                base: try! RelativePath("link/made"), paths: [try! RelativePath("link")])
        }
        let built = try await fixture.run([it])
        #expect(!built.outcome.isSuccess)
        #expect(try fixture.build.shell("ls outside") == "")
    }

    struct Ending: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var builder = "/bin/sh"
        var expected: String
    }

    static let endings = [
        Ending(
            testDescription: "exit 3",
            expected: "builder (3): cannot build `it`: `sh` ended with status 3"),
        Ending(
            testDescription: "kill -9 $$",
            expected: "builder (137): cannot build `it`: `sh` was ended by signal 9"),
        Ending(
            testDescription: "no such program", builder: "/bin/absent",
            expected:
                "builder: cannot build `it`: cannot run `/bin/absent`: No such file or directory\n"
                + "    hint: the sandbox holds only what is declared; a missing interpreter or loader "
                + "of the program gives this error too"),
    ]

    @Test(arguments: endings)
    func ending(_ testCase: Ending) async throws {
        let fixture = try SandboxFixture()
        let it = try fixture.script("it", "echo a line; \(testCase.testDescription)") { fields in
            fields.builder = testCase.builder
        }
        let built = try await fixture.run([it])
        #expect(SandboxFixture.failure(built) == testCase.expected)
        let record = try #require(try FailureRecord.find(it.hash, in: fixture.build.store))
        #expect(record.failure == built.outcome.failures[0].failure)
        #expect(record.resolved?.inputs.count == 1)
        guard testCase.builder == "/bin/sh" else { return }
        var log: [UInt8] = []
        try fixture.build.store.readBlob(try #require(record.log)) { log += Array($0) }
        #expect(String(decoding: log, as: UTF8.self) == "a line\n")
        #expect(try fixture.build.leftovers() == "")
    }

    struct Limit: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var script: String
        var change: @Sendable (inout BuildLimits) -> Void
        var expected: String
    }

    static let limits = [
        Limit(
            testDescription: "timeout", script: "while :; do :; done",
            change: { $0.timeout = .milliseconds(100) },
            expected: "limit: cannot build `it`: it ran longer than 0.1 s\n"
                + "    hint: `--timeout` sets the limit"),
        Limit(
            testDescription: "silence", script: "sleep 600",
            change: { $0.maximumSilence = .milliseconds(100) },
            expected: "limit: cannot build `it`: it wrote nothing for 0.1 s\n"
                + "    hint: `--max-silent` sets the limit"),
        Limit(
            testDescription: "size of outputs",
            script: "dd if=/dev/zero of=$out/file bs=1024 count=2048 2>/dev/null",
            change: { $0.outputBytes = 1 << 20 },
            expected: "limit: cannot build `it`: it wrote more than 1048576 bytes to its outputs\n"
                + "    hint: `--max-output` sets the limit"),
        Limit(
            testDescription: "size of its folder",
            script: "dd if=/dev/zero of=file bs=1024 count=2048 2>/dev/null",
            change: { $0.outputBytes = 1 << 20 },
            expected: "limit: cannot build `it`: it wrote more than 1048576 bytes to its outputs\n"
                + "    hint: `--max-output` sets the limit"),
        Limit(
            testDescription: "size of the log", script: "yes", change: { $0.logBytes = 1 << 16 },
            expected: "limit: cannot build `it`: it wrote more than 65536 bytes to its log"),
    ]

    @Test(arguments: limits)
    func limit(_ testCase: Limit) async throws {
        let fixture = try SandboxFixture()
        testCase.change(&fixture.build.options.limits)
        let it = try fixture.script("it", testCase.script)
        let built = try await fixture.run([it])
        #expect(SandboxFixture.failure(built) == testCase.expected)
        #expect(try fixture.build.leftovers() == "")
    }

    @Test(.timeLimit(.minutes(1)))
    func cancelled() async throws {
        let fixture = try SandboxFixture()
        let it = try fixture.script("it", "echo started; echo x >$out/file; sleep 600")
        let recorder = EventRecorder()
        let input = try BuildInput(
            graph: try DerivationGraph([fixture.busybox, it], roots: [it.hash]))
        let task = Task {
            try await fixture.build.build(input, with: fixture.executor, reporting: recorder)
        }
        while !recorder.text.contains("logged it started") { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try fixture.build.leftovers() == "")
        #expect(try fixture.build.store.builds().map(\.facts.derivation) == [fixture.busybox.name])
    }

    /// A program that a derivation has built, and its log as it was written.
    @Test func runsWhatWasBuilt() async throws {
        let fixture = try SandboxFixture()
        let tool = try fixture.script(
            "tool",
            "printf '#!/bin/sh\\necho made by $0 >$out/text\\n' >$out/run; chmod +x $out/run")
        let it = try derivation("it", builder: reference(tool) + "/run") { fields in
            fields.links = ["/bin/sh": reference(fixture.busybox) + "/busybox"]
        }
        let built = try await fixture.run([tool, it])
        #expect(SandboxFixture.failure(built) == "")
        let path = try #require(built.outcome.output[tool.hash]).outputs[0].path
        let output = try #require(built.outcome.output[it.hash]).outputs[0]
        #expect(try fixture.build.read(output, "text") == "made by \(path)/run\n")
        #expect(try fixture.build.store.findReferences(of: output.name) == [path.name])
    }
}
