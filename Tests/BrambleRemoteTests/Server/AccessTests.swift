import BrambleModel
import BrambleREAPI
import GRPCCore
import SwiftProtobuf
import TestKit
import Testing

@testable import BrambleRemote

@Suite("Who may use the server") struct AccessTests {
    private static func line(_ name: String, _ roles: String, _ token: String, _ day: String = "")
        -> String
    {
        "\(name) \(roles) \(ContentHash(of: Array(token.utf8))) \(day)\n"
    }

    private static let text =
        "# name roles hash day\n\n" + line("reader", "read", "r")
        + line("writer", "read,write", "w")
        + line("old", "read,write,execute", "o", "2020-02-29")

    @Test("Tokens are found by what clients show") func tokens() throws {
        let file = try TokenFile(AccessTests.text)
        #expect(file.tokens.map(\.name) == ["reader", "writer", "old"])
        #expect(file.find("w")?.roles == [.read, .write])
        #expect(file.find("W") == nil)
        #expect(file.find("") == nil)
        // The second after 2020-02-29, by date(1).
        #expect(file.find("o")?.expiry == 1_583_020_800)
    }

    struct BadLine: CustomTestStringConvertible {
        let text: String
        let message: String
        var testDescription: String { text }
    }

    @Test(
        "Mistakes in a file of tokens are told with their line",
        arguments: [
            BadLine(text: "\nci read\n", message: "line 2: write `NAME ROLES sha256-HASH`"),
            BadLine(text: "ci reed sha256-00", message: "line 1: `reed` is no role"),
            BadLine(text: "ci read secret", message: "line 1: the third word is no hash"),
            BadLine(text: line("ci", "read,", "t"), message: "line 1: `` is no role"),
            BadLine(text: line("ci", "read", "t", "tomorrow"), message: "`tomorrow` is no day"),
            BadLine(text: line("ci", "read", "t", "2027-01-01x"), message: "is no day"),
        ])
    func badLines(line: BadLine) {
        let error = #expect(throws: CacheError.self) { try TokenFile(line.text) }
        #expect(error?.message.contains(line.message) == true, "\(error?.message ?? "")")
    }

    @Test("Each call needs a token that is valid and has one of its roles") func rules() throws {
        let rules = AccessRules(tokens: try TokenFile(AccessTests.text))
        #expect(try rules.check(authorization: "Bearer r", needed: [.read])?.name == "reader")
        #expect(try rules.check(authorization: "bearer w", needed: [.write])?.name == "writer")
        #expect(throws: AccessRules.Refusal.forbidden("`reader` lacks the role execute or write")) {
            try rules.check(authorization: "Bearer r", needed: [.write, .execute])
        }
        #expect(throws: AccessRules.Refusal.unknownCaller("the token of `old` has expired")) {
            try rules.check(authorization: "Bearer o", needed: [])
        }
        #expect(try rules.check(authorization: "Bearer o", needed: [], now: 1_583_020_799) != nil)
        for header in [nil, "", "Bearer", "Bearer x", "Basic r", "Bearer r r"] {
            #expect(throws: AccessRules.Refusal.self) {
                try rules.check(authorization: header, needed: [])
            }
        }
        #expect(try AccessRules(tokens: nil).check(authorization: nil, needed: [.write]) == nil)
    }

    @Test("A method that no rule is for needs a role") func unknownMethods() {
        let method = MethodDescriptor(fullyQualifiedService: "x.y.Z", method: "M")
        #expect(AccessRules.roles(for: method) == Set(Role.allCases))
    }

    @Test("Over the wire: without a token, without the role, and with it") func overTheWire()
        async throws
    {
        let scratch = try ScratchFolder()
        var options = RunningServer.options(in: scratch.path)
        options.tokens = try TokenFile(AccessTests.text)
        try await RunningServer.use(options) { server in
            #expect(try await code { _ = try await server.missing([]) } == .unauthenticated)
            let digest = DigestMessage(Digest(of: [1]))
            func metadata(_ token: String) -> Metadata { ["authorization": "Bearer \(token)"] }
            let find = Build_Bazel_Remote_Execution_V2_FindMissingBlobsRequest.with {
                $0.blobDigests = [digest]
            }
            let missing = try await server.storage.findMissingBlobs(find, metadata: metadata("r"))
            #expect(missing.missingBlobDigests == [digest])
            let batch = Build_Bazel_Remote_Execution_V2_BatchUpdateBlobsRequest.with {
                $0.requests = [
                    .with {
                        $0.digest = digest
                        $0.data = .init([1])
                    }
                ]
            }
            let refused = try await code {
                _ = try await server.storage.batchUpdateBlobs(batch, metadata: metadata("r"))
            }
            #expect(refused == .permissionDenied)
            let expired = try await code {
                _ = try await server.storage.batchUpdateBlobs(batch, metadata: metadata("o"))
            }
            #expect(expired == .unauthenticated)
            let kept = try await server.storage.batchUpdateBlobs(batch, metadata: metadata("w"))
            #expect(kept.responses[0].status.code == 0)
            let plain = PlainClient(port: try #require(server.addresses.plain).port)
            let path = "/cas/\(ContentHash(of: [1]).hex)"
            #expect(try await plain.ask("GET", path).status == 401)
            #expect(
                try await plain.ask("GET", path, headers: ["authorization: Bearer r"]).body == [1])
            #expect(
                try await plain.ask("PUT", path, headers: ["authorization: Bearer r"], body: [1])
                    .status
                    == 403)
            let health = Grpc_Health_V1_Health.Client(wrapping: server.client)
            #expect(try await health.check(.init()).status == .serving)
        }
    }

    @Test("A client that has uploaded its share is told when to come back") func quota()
        async throws
    {
        let scratch = try ScratchFolder()
        var options = RunningServer.options(in: scratch.path)
        options.uploadBytesPerHour = 1000
        try await RunningServer.use(options) { server in
            #expect(try await server.add([UInt8](repeating: 1, count: 900)).code == 0)
            let code = try await code {
                _ = try await server.add([UInt8](repeating: 2, count: 200))
            }
            #expect(code == .resourceExhausted)
            let plain = PlainClient(port: try #require(server.addresses.plain).port)
            let body = [UInt8](repeating: 3, count: 200)
            let answer = try await plain.ask("PUT", "/cas/\(ContentHash(of: body).hex)", body: body)
            #expect(answer.status == 429)
        }
    }

    @Test("What was not used of an hour's share comes back with the time") func quotaOverTime()
        throws
    {
        let quota = UploadQuota(bytesPerHour: 3600)
        let caller = Caller(name: "someone")
        let start = ContinuousClock.now
        try quota.spend(3600, caller, now: start)
        let error = #expect(throws: CacheError.self) {
            try quota.spend(60, caller, now: start + .seconds(10))
        }
        #expect(error?.code == .quota(retryAfter: .seconds(50)))
        try quota.spend(60, caller, now: start + .seconds(61))
        try quota.spend(3600, Caller(name: "another"), now: start)
    }

    @Test("A server that others can reach needs TLS, and to know them") func safety() throws {
        func check(_ change: (inout ServerOptions) -> Void) -> ServerError.Code? {
            var options = ServerOptions(
                address: .init(host: "127.0.0.1", port: 0), folder: "", maximumBytes: 1)
            change(&options)
            do throws(ServerError) {
                try ServerSafety.check(options)
                return nil
            } catch {
                return error.code
            }
        }
        let open = ServerOptions.Address(host: "0.0.0.0", port: 1)
        let security = ServerOptions.Security(
            certificate: "c", key: "k", clientAuthorities: nil)
        #expect(check { _ in } == nil)
        #expect(check { $0.address = open } == .notSafe)
        #expect(check { $0.plainAddress = open } == .notSafe)
        #expect(
            check {
                $0.address = open
                $0.security = security
            } == .notSafe)
        #expect(
            check {
                $0.address = open
                $0.security = security
                $0.tokens = try? TokenFile("")
            } == nil)
        #expect(
            check {
                $0.address = open
                $0.security = security
                $0.security?.clientAuthorities = "a"
            } == nil)
        #expect(
            check {
                $0.address = open
                $0.tokens = try? TokenFile("")
            } == .notSafe)
    }

    @Test(
        "Addresses as users write them",
        arguments: [
            ("127.0.0.1:80", "127.0.0.1:80"), ("localhost:80", "127.0.0.1:80"),
            ("[::1]:80", "[::1]:80"), ("0.0.0.0:0", "0.0.0.0:0"), ("example.org:80", nil),
            ("127.0.0.1", nil), ("127.0.0.1:70000", nil), (":80", nil), ("127.0.0.1:-1", nil),
        ])
    func addresses(text: String, expected: String?) {
        #expect(ServerOptions.Address(text)?.description == expected)
    }
}
