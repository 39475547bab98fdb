import BrambleModel
import BrambleREAPI
import GRPCCore
import Glibc
import SwiftProtobuf
import TestKit
import Testing

@testable import BrambleRemote

@Suite("The server's results of actions") struct ResultTests {
    private static let action = DigestMessage(Digest(of: Array("action".utf8)))

    private func keep(
        _ server: RunningServer, _ change: (inout ActionResultMessage) -> Void
    ) async throws -> RPCError.Code? {
        var result = ActionResultMessage()
        change(&result)
        return try await code {
            _ = try await server.results.updateActionResult(
                .with {
                    $0.actionDigest = ResultTests.action
                    $0.actionResult = result
                })
        }
    }

    private func find(_ server: RunningServer, instance: String = "") async throws
        -> ActionResultMessage?
    {
        do {
            return try await server.results.getActionResult(
                .with {
                    $0.instanceName = instance
                    $0.actionDigest = ResultTests.action
                    $0.inlineStdout = true
                })
        } catch let error as RPCError where error.code == .notFound {
            return nil
        }
    }

    @Test("A result is kept for the instance it was given to, with what was asked for within it")
    func roundTrip() async throws {
        let scratch = try ScratchFolder()
        try await RunningServer.use(in: scratch.path) { server in
            _ = try await server.add(Array("said".utf8))
            #expect(try await find(server) == nil)
            let code = try await keep(server) {
                $0.stdoutDigest = DigestMessage(Digest(of: Array("said".utf8)))
            }
            #expect(code == nil)
            #expect(try await find(server)?.stdoutRaw == .init("said".utf8))
            #expect(try await find(server, instance: "other") == nil)
        }
    }

    @Test("A result goes when a blob of it goes, be it in a tree") func completeness() async throws
    {
        let scratch = try ScratchFolder()
        try await RunningServer.use(in: scratch.path) { server in
            let file = Digest(of: Array("deep".utf8))
            let tree = TreeMessage.with {
                $0.root.files = [
                    .with {
                        $0.name = "file"
                        $0.digest = DigestMessage(file)
                    }
                ]
            }
            let digest = try await server.add(try tree.serializedBytes())
            func result(_ message: inout ActionResultMessage) {
                message.outputDirectories = [
                    .with {
                        $0.path = "out"
                        $0.treeDigest = digest
                    }
                ]
            }
            #expect(try await keep(server, result) == .failedPrecondition)
            _ = try await server.add(Array("deep".utf8))
            #expect(try await keep(server, result) == nil)
            #expect(try await find(server) != nil)
            try remove(file, from: server)
            // Not known to be gone until somebody wants it; then the result goes too.
            #expect(try await code { _ = try await server.read("blobs/\(file)") } == .notFound)
            #expect(try await find(server) == nil)
            _ = try await server.add(Array("deep".utf8))
            #expect(try await find(server) == nil)
        }
    }

    /// As if somebody had, or the disk.
    private func remove(_ digest: Digest, from server: RunningServer) throws {
        let hex = digest.hash.hex
        #expect(unlink("\(server.folder)/cas/\(hex.prefix(2))/\(hex)") == 0)
    }

    struct BadResult: CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout ActionResultMessage) -> Void
    }

    @Test(
        "Results whose paths lead elsewhere are refused",
        arguments: [
            BadResult(testDescription: "absolute file") {
                $0.outputFiles = [.with { $0.path = "/a" }]
            },
            BadResult(testDescription: "file above") {
                $0.outputFiles = [.with { $0.path = "../a" }]
            },
            BadResult(testDescription: "link above") {
                $0.outputSymlinks = [.with { $0.path = "a/../../b" }]
            },
            BadResult(testDescription: "directory above") {
                $0.outputDirectories = [.with { $0.path = "a//b" }]
            },
            BadResult(testDescription: "no digest") {
                $0.outputFiles = [
                    .with {
                        $0.path = "a"
                        $0.digest.hash = "zz"
                    }
                ]
            },
        ])
    func badResults(bad: BadResult) async throws {
        let scratch = try ScratchFolder()
        try await RunningServer.use(in: scratch.path) { (server) async throws in
            #expect(try await keep(server, bad.change) == .invalidArgument)
        }
    }

    struct BadDirectory: CustomTestStringConvertible {
        let testDescription: String
        let names: [String]
        var directories: [String] = []
    }

    @Test(
        "Directories that break the rules are refused",
        arguments: [
            BadDirectory(testDescription: "above", names: [".."]),
            BadDirectory(testDescription: "itself", names: ["."]),
            BadDirectory(testDescription: "a path", names: ["a/b"]),
            BadDirectory(testDescription: "nothing", names: [""]),
            BadDirectory(testDescription: "NUL", names: ["a\0b"]),
            BadDirectory(testDescription: "not sorted", names: ["b", "a"]),
            BadDirectory(testDescription: "twice", names: ["a", "a"]),
            BadDirectory(
                testDescription: "twice, as a file and a directory", names: ["a"],
                directories: ["a"]),
        ])
    func badDirectories(bad: BadDirectory) {
        let directory = DirectoryMessage.with {
            $0.files = bad.names.map { name in .with { $0.name = name } }
            $0.directories = bad.directories.map { name in .with { $0.name = name } }
        }
        #expect(throws: CacheError.self) { try DirectoryCheck.check(directory) }
    }

    @Test("Trees come in pages, each directory once, and go on from a token") func pages()
        async throws
    {
        let scratch = try ScratchFolder()
        try await RunningServer.use(in: scratch.path) { server in
            let leaf = DirectoryMessage.with {
                $0.symlinks = [
                    .with {
                        $0.name = "l"
                        $0.target = "x"
                    }
                ]
            }
            let leafDigest = try await server.add(try leaf.serializedBytes())
            var directory = DirectoryMessage()
            for name in ["a", "b"] {
                directory.directories.append(
                    .with {
                        $0.name = name
                        $0.digest = leafDigest
                    })
            }
            let inner = try await server.add(try directory.serializedBytes())
            let root = DirectoryMessage.with {
                $0.directories = [
                    .with {
                        $0.name = "in"
                        $0.digest = inner
                    }
                ]
            }
            let rootDigest = try await server.add(try root.serializedBytes())
            func ask(_ token: String) async throws
                -> [Build_Bazel_Remote_Execution_V2_GetTreeResponse]
            {
                try await server.storage.getTree(
                    .with {
                        $0.rootDigest = rootDigest
                        $0.pageSize = 1
                        $0.pageToken = token
                    }
                ) { response in
                    var pages: [Build_Bazel_Remote_Execution_V2_GetTreeResponse] = []
                    for try await page in response.messages { pages.append(page) }
                    return pages
                }
            }
            let pages = try await ask("")
            #expect(pages.map(\.directories) == [[root], [directory], [leaf]])
            #expect(pages.last?.nextPageToken == "")
            let rest = try await ask(pages[0].nextPageToken)
            #expect(rest.flatMap(\.directories) == [directory, leaf])
            #expect(try await code { _ = try await ask("x") } == .invalidArgument)
        }
    }
}
