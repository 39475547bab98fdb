import BrambleBuild
import BrambleModel
import BrambleREAPI
import BrambleSandbox
import BrambleStore
import FoundationEssentials
import Glibc
import SwiftProtobuf
import Synchronization
import TestKit
import Testing

@testable import BrambleRemote

/// The sandbox helper, in directories as an engine of the simplest kind makes them: without symlinks and empty
/// directories.
@Suite(.serialized) struct WorkingDirectoryTests {
    // MARK: An engine

    /// Makes an input root on disk, runs the helper in it, and takes along what it leaves.
    private func runAction(_ engine: MemoryEngine, _ action: Digest, in folder: String) async throws
        -> (status: Int32, result: ActionResultMessage)
    {
        let message = try ActionMessage(serializedBytes: try #require(engine.blob(action)))
        let command = try CommandMessage(
            serializedBytes: try #require(Digest(message.commandDigest).flatMap { engine.blob($0) })
        )
        #expect(command.arguments.dropFirst() == [ActionHelper.argument])
        #expect(command.environmentVariables.isEmpty)
        try stage(engine, try #require(Digest(message.inputRootDigest)), at: folder)
        let status = await ActionHelper.run(in: folder)
        var result = ActionResultMessage()
        result.exitCode = status
        for path in command.outputFiles {
            let bytes = try Data(contentsOf: URL(filePath: folder + "/" + path))
            engine.add(Array(bytes))
            result.outputFiles.append(
                .with {
                    $0.path = path
                    $0.digest = DigestMessage(Digest(of: Array(bytes)))
                })
        }
        for path in command.outputDirectories where status == 0 {
            var directories: [Digest: Directory] = [:]
            let root = try collect(engine, folder + "/" + path, &directories)
            let tree = try Tree(root: root, directories: directories).encoded
            engine.add(tree)
            result.outputDirectories.append(
                .with {
                    $0.path = path
                    $0.treeDigest = DigestMessage(Digest(of: tree))
                })
        }
        return (status, result)
    }

    private func stage(_ engine: MemoryEngine, _ digest: Digest, at path: String) throws {
        let directory = try Directory(decoding: try #require(engine.blob(digest)))
        // As that of engines: where there is nothing, there is no directory.
        if directory.files.isEmpty && directory.directories.isEmpty { return }
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for file in directory.files {
            let bytes = try #require(engine.blob(file.digest))
            try Data(bytes).write(to: URL(filePath: "\(path)/\(file.name)"))
            chmod("\(path)/\(file.name)", file.isExecutable ? 0o755 : 0o600)
        }
        for child in directory.directories {
            try stage(engine, child.digest, at: "\(path)/\(child.name)")
        }
    }

    private func collect(
        _ engine: MemoryEngine, _ path: String, _ directories: inout [Digest: Directory]
    ) throws -> Digest {
        var files: [Directory.File] = []
        var children: [Directory.Subdirectory] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: path) {
            var status = stat()
            try #require(lstat("\(path)/\(name)", &status) == 0)
            // What else there is, such an engine follows or refuses.
            #expect([S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT))
            if status.st_mode & S_IFMT == S_IFDIR {
                let digest = try collect(engine, "\(path)/\(name)", &directories)
                // It forgets empty ones.
                if directories[digest] == Directory() { continue }
                children.append(.init(name: name, digest: digest))
            } else {
                let bytes = Array(try Data(contentsOf: URL(filePath: "\(path)/\(name)")))
                engine.add(bytes)
                files.append(
                    .init(
                        name: name, digest: Digest(of: bytes),
                        isExecutable: status.st_mode & 0o100 != 0))
            }
        }
        let directory = Directory(files: files, directories: children)
        directories[directory.digest] = directory
        return directory.digest
    }

    // MARK: Builds

    /// busybox as an object, with a symlink and an empty directory beside it.
    private func tools(_ store: LocalStore, _ scratch: ScratchFolder) throws -> StoreName {
        let folder = scratch.path + "/tools"
        try FileManager.default.createDirectory(
            atPath: folder + "/empty/inner", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(
            atPath: folder + "/bin", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "/usr/bin/busybox", toPath: folder + "/busybox")
        try #require(symlink("../busybox", folder + "/bin/sh") == 0)
        let outputs = try store.register(
            OutputsToRegister(
                derivation: try DerivationName("tools"), directories: [.standard: folder],
                candidates: []))
        return try #require(outputs.first).name
    }

    private func job(_ tools: StoreName, _ script: String) throws -> BuildJob {
        let sh = StorePath(tools).description + "/bin/sh"
        var fields = Derivation.Fields(name: try DerivationName("made"), builder: sh)
        fields.platform = try Platform("linux-x86_64")
        fields.args = ["-euc", script]
        fields.env = TextMap([TextMap.Entry(name: "tools", value: StorePath(tools).description)])
        return BuildJob(
            resolved: try ResolvedDerivation(try Derivation(fields), .init()),
            command: [sh, "-euc", script], outputs: [.standard], closure: [tools], sources: nil,
            limits: BuildLimits(), variation: .usual, isFresh: false)
    }

    private static let script = """
        b=$tools/busybox
        $b mkdir -p $out/a/b $out/none; $b ln -s /nowhere/else $out/a/link; $b ln -s a $out/folder
        echo one >$out/a/b/file; $b cp $b $out/tool; echo "$out" >$out/self
        $b ls -R $tools >$out/listing; $b stat -c '%a %Y %n' $tools/busybox $tools/bin/sh >$out/modes
        $b id >$out/id; $b pwd >>$out/id; $b env | $b sort >>$out/id; echo $$ >/dev/null
        $b test -e /proc/self/exe; if echo x >$tools/y; then exit 1; fi; echo x >here
        $b mkdir $out/closed; echo x >$out/closed/x; $b chmod 0 $out/closed/x; $b chmod 100 $out/closed
        """

    /// Runs a job here and by the helper, and compares what comes out.
    @Test func whatItMakesHasTheNamesItHasHere() async throws {
        let scratch = try ScratchFolder()
        defer { _ = try? clean(scratch) }
        let store = try LocalStore(scratch.path + "/store")
        let job = try job(try tools(store, scratch), WorkingDirectoryTests.script)
        let here = try await LocalExecutor(try SandboxLauncher(), store, processors: 2).run(
            job, in: try store.newWorkFolder(), line: { _ in })
        let there = try await elsewhere(job, store, scratch)
        let names = try [here, there].map { execution in
            try store.register(
                OutputsToRegister(
                    derivation: job.resolved.name, directories: execution.directories,
                    candidates: job.closure)
            ).map(\.name)
        }
        #expect(names[0] == names[1])
        let damages = try store.verify()
        #expect(damages == [])
    }

    @Test(arguments: [("exit 3", 3, "ended with status 3"), ("kill -9 $$", 137, "signal 9")])
    func howBuildersEnd(script: String, status: Int, message: String) async throws {
        let scratch = try ScratchFolder()
        defer { _ = try? clean(scratch) }
        let store = try LocalStore(scratch.path + "/store")
        let job = try job(try tools(store, scratch), script)
        let failure = await #expect(throws: BuildFailure.self) {
            try await elsewhere(job, store, scratch)
        }
        #expect(failure?.reason == .builder && failure?.status == status)
        #expect(failure?.message.contains(message) == true)
    }

    @Test func aBuilderThatIsNotThere() async throws {
        let scratch = try ScratchFolder()
        defer { _ = try? clean(scratch) }
        let store = try LocalStore(scratch.path + "/store")
        let job = try job(try tools(store, scratch), "true")
        let other = BuildJob(
            resolved: job.resolved, command: ["/nowhere"], outputs: job.outputs,
            closure: job.closure, sources: nil, limits: job.limits, variation: .usual,
            isFresh: false)
        let failure = await #expect(throws: BuildFailure.self) {
            try await elsewhere(other, store, scratch)
        }
        #expect(failure?.message.contains("the worker cannot make a sandbox") == true)
    }

    /// An engine that starts something else, or nothing.
    @Test func aHelperThatDoesNotRun() async throws {
        let scratch = try ScratchFolder()
        let store = try LocalStore(scratch.path + "/store")
        let engine = MemoryEngine()
        engine.setExecutions([.result(.with { $0.exitCode = 127 })])
        let job = try job(try tools(store, scratch), "true")
        let failure = await #expect(throws: BuildFailure.self) {
            try await run(job, engine, store)
        }
        #expect(failure?.reason == .remote)
        #expect(failure?.message.contains("could not run the sandbox helper") == true)
    }

    /// Paths in a report that lead out of an output.
    @Test(arguments: ["../x", "/x", "a/../../x", "", "no/such", "link/x", "."])
    func reportsThatLeadElsewhere(path: String) async throws {
        let scratch = try ScratchFolder()
        let store = try LocalStore(scratch.path + "/store")
        let tools = try tools(store, scratch)
        // The output itself is there.
        for isLink in path.isEmpty ? [true] : [true, false] {
            let engine = MemoryEngine()
            var remainder = TreeRemainder()
            if isLink {
                remainder.links = [
                    .init(path: "link", target: "/"), .init(path: path, target: "/etc"),
                ]
            } else {
                remainder.directories = [path]
            }
            let report = HelperReport(
                ending: .exited, status: 0, remainders: ["out": remainder])
            let bytes = try CanonicalJSON.encode(report)
            engine.add(bytes)
            engine.add(Tree.empty.encoded)
            let result = ActionResultMessage.with {
                $0.outputFiles = [
                    .with {
                        $0.path = HelperReport.path
                        $0.digest = DigestMessage(Digest(of: bytes))
                    }
                ]
                $0.outputDirectories = [
                    .with {
                        $0.path = "outputs/out"
                        $0.treeDigest = DigestMessage(Digest(of: Tree.empty.encoded))
                    }
                ]
            }
            engine.setExecutions(Array(repeating: .result(result), count: 3))
            let job = try job(tools, "true")
            let failure = await #expect(throws: BuildFailure.self) {
                try await run(job, engine, store)
            }
            #expect(failure?.message.contains("is no place in an output") == true)
        }
    }

    @Test func aProgramIsStaticOrNot() throws {
        #expect(try HelperFile("/usr/bin/busybox").isStatic())
        #expect(try !HelperFile("/bin/sh").isStatic())
        #expect(try !HelperFile("/etc/passwd").isStatic())
    }

    // MARK: Running

    private func clean(_ scratch: ScratchFolder) throws {
        _ = try ShellCommand(folder: scratch.path, environment: ["PATH=/usr/bin:/bin"])
            .run("chmod -R u+rwx .")
    }

    private func run(
        _ job: BuildJob, _ engine: MemoryEngine, _ store: LocalStore
    ) async throws -> Execution {
        try await MemoryEngine.with(engine) { endpoint in
            try await withConnection(endpoint.port) { connection in
                let remote = try await RemoteStore(connection, signing: nil, trusted: nil)
                let executor = RemoteExecutor(
                    remote, store, platform: [:], helper: try HelperExecutable(isLocal: true))
                return try await executor.run(job, in: try store.newWorkFolder()) { _ in }
            }
        }
    }

    /// Asks the engine twice: first to learn the action, which it has then run.
    private func elsewhere(
        _ job: BuildJob, _ store: LocalStore, _ scratch: ScratchFolder
    ) async throws -> Execution {
        let engine = MemoryEngine()
        let busy = ActionResultMessage.with { $0.exitCode = 1 }
        engine.setExecutions([.result(busy)])
        _ = try? await run(job, engine, store)
        let action = try #require(engine.lastAction)
        let (_, result) = try await runAction(engine, action, in: scratch.path + "/work")
        engine.setExecutions([.result(result)])
        return try await run(job, engine, store)
    }
}
