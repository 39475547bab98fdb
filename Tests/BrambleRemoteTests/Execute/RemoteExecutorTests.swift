import BrambleBuild
import BrambleModel
import BrambleREAPI
import BrambleSandbox
import BrambleStore
import FoundationEssentials
import GRPCCore
import SwiftProtobuf
import Synchronization
import TestKit
import Testing

@testable import BrambleRemote

/// Builders on an engine, as far as this machine has a part in it.
@Suite struct RemoteExecutorTests {
    /// What came of a run, on this machine.
    private struct Run: Sendable {
        let files: [String: String]
        let lines: [String]
    }

    private func job(change: (inout BuildLimits) -> Void = { _ in }) throws -> BuildJob {
        var fields = Derivation.Fields(
            name: try DerivationName("hello"), builder: "/bin/tool")
        fields.platform = try Platform("linux-x86_64")
        fields.args = ["argument"]
        var limits = BuildLimits()
        change(&limits)
        return BuildJob(
            resolved: try ResolvedDerivation(try Derivation(fields), .init()),
            command: ["/bin/tool", "argument"], outputs: [.standard], closure: [], sources: nil,
            limits: limits, variation: .usual, isFresh: false)
    }

    private static let path =
        "../bramble/content-addressed-and-relocatable/store/"
        + Placeholder(derivation: hello, output: .standard).storeName.description
    private static let hello: DerivationName = {
        guard let name = try? DerivationName("hello") else { preconditionFailure("a bad name") }
        return name
    }()

    /// A result with one output that holds a file.
    private func result(
        _ engine: MemoryEngine, path: String = RemoteExecutorTests.path, content: String = "made"
    ) -> ActionResultMessage {
        let content = Array(content.utf8)
        engine.add(content)
        let directory = Directory(
            files: [.init(name: "file", digest: Digest(of: content), isExecutable: true)],
            symlinks: [.init(name: "link", target: "../elsewhere")])
        return result(engine, path: path, tree: message([directory.encoded]))
    }

    private func result(
        _ engine: MemoryEngine, path: String = RemoteExecutorTests.path, tree: [UInt8]
    ) -> ActionResultMessage {
        engine.add(tree)
        var result = ActionResultMessage()
        var output = OutputDirectoryMessage()
        output.path = path
        output.treeDigest = DigestMessage(Digest(of: tree))
        result.outputDirectories = [output]
        return result
    }

    /// REAPI's message `Tree` of directories as they are, root first.
    private func message(_ directories: [[UInt8]]) -> [UInt8] {
        directories.enumerated().flatMap { number, bytes -> [UInt8] in
            precondition(bytes.count < 128, "a longer size than this writes")
            return [number == 0 ? 0x0A : 0x12, UInt8(bytes.count)] + bytes
        }
    }

    private func run(_ engine: MemoryEngine, _ job: BuildJob? = nil) async throws -> Run {
        let scratch = try ScratchFolder()
        let store = try LocalStore(scratch.path + "/store")
        let job = try job ?? self.job()
        return try await MemoryEngine.with(engine) { endpoint in
            try await RemoteConnection.with(RemoteOptions(endpoint, invocation: "test")) {
                connection in
                let remote = try await RemoteStore(connection, signing: nil, trusted: nil)
                let executor = RemoteExecutor(remote, store, platform: [:])
                let lines = Mutex<[String]>([])
                let folder = try store.newWorkFolder()
                let execution = try await executor.run(job, in: folder) { line in
                    lines.withLock { $0.append(line) }
                }
                let output = try #require(execution.directories[.standard])
                return Run(
                    files: try RemoteExecutorTests.files(output), lines: lines.withLock { $0 })
            }
        }
    }

    private static func files(_ folder: String) throws -> [String: String] {
        var files: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let path = folder + "/" + name
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
            files[name] = try target.map { "-> " + $0 } ?? TextFile.read(path)
        }
        return files
    }

    private func failure(_ engine: MemoryEngine, _ job: BuildJob? = nil) async -> BuildFailure? {
        await #expect(throws: BuildFailure.self) { _ = try await run(engine, job) }
    }

    @Test func outputsAndLogsComeBack() async throws {
        let engine = MemoryEngine()
        var result = result(engine)
        result.stdoutRaw = .init("one\ntwo".utf8)
        let errors = Array("three\n".utf8)
        engine.add(errors)
        result.stderrDigest = DigestMessage(Digest(of: errors))
        engine.setExecutions([.result(result)])
        let run = try await run(engine)
        #expect(run.files == ["file": "made", "link": "-> ../elsewhere"])
        #expect(run.lines == ["one", "two", "three"])
    }

    @Test func aBrokenStreamIsTakenUp() async throws {
        let engine = MemoryEngine()
        engine.setExecutions([.brokenStream(result(engine))])
        #expect(try await run(engine).files["file"] == "made")
        #expect(engine.count(.execute) == 1 && engine.count(.wait) == 1)
    }

    /// What an engine has lost is brought anew, and then the action runs.
    @Test(arguments: [
        RPCError.Code.failedPrecondition, .notFound, .internalError,
    ])
    func lostInputsAreBroughtAnew(_ code: RPCError.Code) async throws {
        let engine = MemoryEngine()
        engine.setExecutions([
            .status(RPCError(code: code, message: "blobs are missing")), .result(result(engine)),
        ])
        #expect(try await run(engine).files["file"] == "made")
        #expect(engine.count(.execute) == 2)
    }

    @Test func anEngineThatAlwaysFails() async throws {
        let engine = MemoryEngine()
        let error = RPCError(code: .internalError, message: "no worker")
        engine.setExecutions([.status(error), .status(error), .status(error), .status(error)])
        let failure = await failure(engine)
        #expect(failure?.reason == .remote)
        #expect(failure?.message.contains("no worker") == true)
        #expect(engine.count(.execute) == 3)
    }

    @Test func aBuilderThatFails() async throws {
        let engine = MemoryEngine()
        var result = ActionResultMessage()
        result.exitCode = 3
        engine.setExecutions([.result(result)])
        let failure = await failure(engine)
        #expect(failure?.reason == .builder && failure?.status == 3)
        #expect(failure?.message == "cannot build `hello`: `tool` ended with status 3")
    }

    @Test func aBuilderThatRunsTooLong() async throws {
        let engine = MemoryEngine()
        engine.setExecutions([
            .status(RPCError(code: .deadlineExceeded, message: "too long"))
        ])
        let failure = await failure(engine, try job { $0.timeout = .seconds(1) })
        #expect(failure?.reason == .limit)
    }

    @Test(arguments: ["bramble/elsewhere", "/etc", "../../etc", ""])
    func anOutputThatNobodyAskedFor(path: String) async throws {
        let engine = MemoryEngine()
        engine.setExecutions([.result(result(engine, path: path))])
        let failure = await failure(engine)
        #expect(failure?.reason == .output)
        #expect(failure?.message.contains("is no directory any more") == true)
    }

    /// Names that lead out of the output, as an engine may send them.
    @Test(arguments: ["..", ".", "", "a/b", "/etc", "a\0b"])
    func namesThatLeadElsewhere(name: String) async throws {
        let engine = MemoryEngine()
        let content = Array("x".utf8)
        engine.add(content)
        let digest: [UInt8] = try DigestMessage(Digest(of: content)).serializedBytes()
        let file =
            [0x0A, UInt8(name.utf8.count)] + Array(name.utf8) + [0x12, UInt8(digest.count)] + digest
        let directory = [0x0A, UInt8(file.count)] + file
        let result = result(engine, tree: message([directory]))
        engine.setExecutions([.result(result), .result(result), .result(result)])
        let failure = await failure(engine)
        #expect(failure?.reason == .remote)
    }

    @Test func contentsThatAreLostOrWrong() async throws {
        let engine = MemoryEngine()
        let lost = result(engine)
        engine.removeBlobs { $0 == Digest(of: Array("made".utf8)) }
        engine.setExecutions([.result(lost), .result(lost), .result(lost)])
        #expect(await failure(engine)?.reason == .remote)
        #expect(engine.count(.execute) == 3)

        let other = MemoryEngine()
        let wrong = result(other)
        other.setExecutions([.result(wrong), .result(wrong), .result(wrong)])
        other.setFaults(.init(corrupts: true))
        #expect(await failure(other)?.reason == .remote)
    }

    @Test func moreThanItMayWrite() async throws {
        let engine = MemoryEngine()
        engine.setExecutions([.result(result(engine, content: "too much"))])
        let failure = await failure(engine, try job { $0.outputBytes = 3 })
        #expect(failure?.message.contains("more than 3 bytes") == true)
    }
}
