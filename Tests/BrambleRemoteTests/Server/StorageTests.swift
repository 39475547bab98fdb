import BrambleModel
import BrambleREAPI
import FoundationEssentials
import GRPCCore
import SwiftProtobuf
import TestKit
import Testing

@testable import BrambleRemote

@Suite("The server's blobs") struct StorageTests {
    @Test("A blob comes back as it was, by each way") func roundTrip() async throws {
        let scratch = try ScratchFolder()
        try await RunningServer.use(in: scratch.path) { server in
            let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
            let digest = Digest(of: bytes)
            #expect(try await server.missing([digest]) == [digest])
            #expect(try await server.add(bytes).code == 0)
            #expect(try await server.missing([digest]).isEmpty)
            #expect(try await server.read("any/instance/blobs/\(digest)") == bytes)
            #expect(
                try await server.read("blobs/\(digest)", offset: 1000, limit: 10)
                    == Array(bytes[1000..<1010]))
            let compressed = try await server.read("compressed-blobs/zstd/\(digest)")
            #expect(try decompressed(compressed) == bytes)
            let plain = PlainClient(port: try #require(server.addresses.plain).port)
            let answer = try await plain.ask("GET", "/cas/\(digest.hash.hex)")
            #expect(answer.status == 200)
            #expect(answer.body == bytes)
        }
    }

    @Test("The empty blob is always there") func empty() async throws {
        let scratch = try ScratchFolder()
        try await RunningServer.use(in: scratch.path) { server in
            let digest = Digest(of: [])
            #expect(try await server.missing([digest]).isEmpty)
            #expect(try await server.read("blobs/\(digest)").isEmpty)
            let compressed = try await server.read("compressed-blobs/zstd/\(digest)")
            #expect(try decompressed(compressed).isEmpty)
        }
    }

    @Test("What is not what its digest says is refused, and leaves nothing")
    func wrongDigest() async throws {
        let scratch = try ScratchFolder()
        try await RunningServer.use(in: scratch.path) { server in
            let wanted = Digest(of: Array("one".utf8))
            let invalid = Int32(RPCError.Code.invalidArgument.rawValue)
            #expect(try await server.add(Array("two".utf8), as: wanted).code == invalid)
            #expect(try await server.add(Array("longer".utf8), as: wanted).code == invalid)
            #expect(try await server.add(Array("on".utf8), as: wanted).code == invalid)
            let stream = try await code {
                _ = try await server.write("uploads/a/blobs/\(wanted)", [Array("two".utf8)])
            }
            #expect(stream == .invalidArgument)
            let plain = PlainClient(port: try #require(server.addresses.plain).port)
            let path = "/cas/\(wanted.hash.hex)"
            #expect(try await plain.ask("PUT", path, body: Array("two".utf8)).status == 400)
            #expect(try await plain.ask("GET", path).status == 404)
            #expect(try await server.missing([wanted]) == [wanted])
            #expect(
                CacheScan.names(in: "incoming", of: try Folder(scratch.path).descriptor).isEmpty)
        }
    }

    @Test("An upload that ended early goes on where it was") func resume() async throws {
        let scratch = try ScratchFolder()
        try await RunningServer.use(in: scratch.path) { server in
            let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
            let name = "uploads/one/blobs/\(Digest(of: bytes))"
            let first = Array(bytes[..<40_000])
            #expect(try await server.write(name, [first], finishes: false) == 40_000)
            let status = try await server.stream.queryWriteStatus(.with { $0.resourceName = name })
            #expect(status.committedSize == 40_000)
            #expect(!status.complete)
            let gap = try await code { _ = try await server.write(name, [[1]], from: 50_000) }
            #expect(gap == .invalidArgument)
            let rest = Array(bytes[40_000...])
            #expect(try await server.write(name, [rest], from: 40_000) == 100_000)
            #expect(try await server.read("blobs/\(Digest(of: bytes))") == bytes)
            let done = try await server.stream.queryWriteStatus(.with { $0.resourceName = name })
            #expect(done.complete)
        }
    }

    @Test("An upload over plain HTTP that ends early leaves nothing") func shortUpload()
        async throws
    {
        let scratch = try ScratchFolder()
        try await RunningServer.use(in: scratch.path) { server in
            let bytes = Array("all of it".utf8)
            let path = "/cas/\(ContentHash(of: bytes).hex)"
            let plain = PlainClient(port: try #require(server.addresses.plain).port)
            _ = try await plain.ask(
                "PUT", path, body: Array(bytes.dropLast()), announcedBytes: bytes.count)
            #expect(try await plain.ask("GET", path).status == 404)
            #expect(try await plain.ask("PUT", path, body: bytes).status == 200)
            #expect(try await plain.ask("GET", path).body == bytes)
        }
    }

    @Test("Compressed uploads: whole ones are taken, endless and broken ones refused")
    func compressed() async throws {
        let scratch = try ScratchFolder()
        try await RunningServer.use(in: scratch.path) { server in
            let zeros = [UInt8](repeating: 0, count: 8 << 20)
            let frame = try zeros.withUnsafeBytes {
                try FrameCompressor().encode($0, isLast: true)
            }
            let small = Digest(of: [UInt8](repeating: 0, count: 1000))
            let endless = try await code {
                _ = try await server.write("uploads/a/compressed-blobs/zstd/\(small)", [frame])
            }
            #expect(endless == .invalidArgument)
            let digest = Digest(of: zeros)
            let broken = try await code {
                _ = try await server.write(
                    "uploads/b/compressed-blobs/zstd/\(digest)", [Array(frame.dropLast(5))])
            }
            #expect(broken == .invalidArgument)
            let noise = try await code {
                _ = try await server.write(
                    "uploads/c/compressed-blobs/zstd/\(digest)", [[1, 2, 3, 4, 5, 6, 7, 8]])
            }
            #expect(noise == .invalidArgument)
            #expect(try await server.missing([digest, small]) == [digest, small])
            let name = "uploads/d/compressed-blobs/zstd/\(digest)"
            _ = try await server.write(name, [frame])
            #expect(try await server.missing([digest]).isEmpty)
            #expect(try await server.write(name, [frame]) == -1)
        }
    }

    @Test("The storage stays within its size; what was used last stays") func eviction()
        async throws
    {
        let scratch = try ScratchFolder()
        try await RunningServer.use(in: scratch.path, maximumBytes: 1 << 20) { server in
            func blob(_ number: Int) -> [UInt8] {
                [UInt8](repeating: UInt8(number), count: 100_000) + Array("\(number)".utf8)
            }
            for number in 0..<8 { #expect(try await server.add(blob(number)).code == 0) }
            // Used now: it outlives those that came after it.
            #expect(try await server.missing([Digest(of: blob(0))]).isEmpty)
            for number in 8..<14 { #expect(try await server.add(blob(number)).code == 0) }
            let all = (0..<14).map { Digest(of: blob($0)) }
            let missing = try await server.missing(all)
            #expect(!missing.contains(all[0]))
            #expect(!missing.contains(all[13]))
            #expect(missing.contains(all[1]))
            #expect(missing.count >= 4)
            let tooLarge = try await code {
                _ = try await server.write(
                    "uploads/x/blobs/\(String(repeating: "a", count: 64))/2000000", [[1]])
            }
            #expect(tooLarge == .resourceExhausted)
        }
    }

    @Test("After a restart all is there, and nothing of uploads that were not complete")
    func restart() async throws {
        let scratch = try ScratchFolder()
        let bytes = Array("kept".utf8)
        let half = Digest(of: Array("never complete".utf8))
        try await RunningServer.use(in: scratch.path) { server in
            #expect(try await server.add(bytes).code == 0)
            _ = try await server.write("uploads/a/blobs/\(half)", [[1, 2]], finishes: false)
        }
        // As a server that was killed would leave it.
        try scratch.write("rest", to: "incoming/77")
        try await RunningServer.use(in: scratch.path) { (server) async throws in
            #expect(try await server.missing([Digest(of: bytes), half]) == [half])
            #expect(try await server.read("blobs/\(Digest(of: bytes))") == bytes)
            #expect(
                CacheScan.names(in: "incoming", of: try Folder(scratch.path).descriptor).isEmpty)
        }
    }

    @Test("Two servers do not share a folder") func sharedFolder() async throws {
        let scratch = try ScratchFolder()
        try await RunningServer.use(in: scratch.path) { (server) async throws in
            #expect(try await server.missing([]).isEmpty)
            let error = #expect(throws: ServerError.self) {
                try RemoteServer(
                    ServerOptions(
                        address: .init(host: "127.0.0.1", port: 0), folder: scratch.path,
                        maximumBytes: 1 << 20))
            }
            #expect(error?.code == .files)
        }
    }

    @Test("A blob that was damaged on the disk is not served, and removed") func damage()
        async throws
    {
        let scratch = try ScratchFolder()
        try await RunningServer.use(in: scratch.path) { server in
            let bytes = [UInt8](repeating: 7, count: 600_000)
            let digest = Digest(of: bytes)
            let hex = digest.hash.hex
            let path = "\(scratch.path)/cas/\(hex.prefix(2))/\(hex)"
            let damaged = String(repeating: "x", count: 600_000)
            for wayToRead in 0..<3 {
                #expect(try await server.add(bytes).code == 0)
                try TextFile.write(damaged, to: path)
                switch wayToRead {
                case 0:
                    let code = try await code { _ = try await server.read("blobs/\(digest)") }
                    #expect(code == .dataLoss)
                case 1:
                    let response = try await server.storage.batchReadBlobs(
                        .with { $0.digests = [DigestMessage(digest)] })
                    #expect(
                        response.responses[0].status.code
                            == Int32(RPCError.Code.notFound.rawValue))
                default:
                    let plain = PlainClient(port: try #require(server.addresses.plain).port)
                    #expect(try await plain.ask("GET", "/cas/\(hex)").body.count < bytes.count)
                }
                #expect(try await server.missing([digest]) == [digest])
            }
        }
    }

    @Test(
        "Names of blobs that are none",
        arguments: [
            "", "blobs", "blobs/abc/3", "blobs/\(String(repeating: "a", count: 64))",
            "blobs/\(String(repeating: "a", count: 64))/-1",
            "compressed-blobs/lzma/\(String(repeating: "a", count: 64))/1",
            "blobs/\(String(repeating: "a", count: 64))/1/2", "blobs/../../etc/passwd/3",
        ])
    func resourceNames(name: String) throws {
        #expect(throws: CacheError.self) { try ResourceName(reading: name) }
    }
}

/// What a frame decompresses to.
private func decompressed(_ frame: [UInt8]) throws -> [UInt8] {
    var bytes: [UInt8] = []
    let decompressor = try FrameDecompressor()
    try frame.withUnsafeBytes { try decompressor.decode($0) { bytes += $0 } }
    #expect(decompressor.isAtEndOfFrame)
    return bytes
}
