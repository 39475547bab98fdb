import BrambleModel
import TestKit
import Testing

@testable import BrambleBuild

/// What a fetch that comes to nothing says. In the texts, `SERVER` is the server's URL without path.
@Suite struct FetchFailureTests {
    typealias Answer = LoopbackServer.Answer

    /// One answer to all requests, and the error.
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let answer: Answer
        var variables: [String: String] = [:]
        let error: String
    }

    static let cases = [
        Case(
            testDescription: "not found", answer: Answer("404 Not Found"),
            error: "notFound: cannot fetch `SERVER/it`: `HOST` answered 404"),
        Case(
            testDescription: "forbidden", answer: Answer("403 Forbidden"),
            error: """
                forbidden: cannot fetch `SERVER/it`: `HOST` answered 403
                hint: if it needs credentials, put them in a netrc file or a credential helper
                """),
        Case(
            testDescription: "out of order for good", answer: Answer("503 Service Unavailable"),
            error: "network: cannot fetch `SERVER/it`: `HOST` answered 503 (tried 6 times)"),
        Case(
            testDescription: "asks for too long a wait",
            answer: Answer("429 Too Many Requests", headers: ["Retry-After: 3600"]),
            error: "network: cannot fetch `SERVER/it`: `HOST` answered 429"),
        Case(
            testDescription: "an answer that is none", answer: Answer("418 I'm a teapot"),
            error: "protocolViolation: cannot fetch `SERVER/it`: `HOST` answered 418"),
        Case(
            testDescription: "a part that nobody asked for",
            answer: Answer(
                "206 Partial Content", headers: ["Content-Range: bytes 0-0/1"], body: [1]),
            error: "protocolViolation: cannot fetch `SERVER/it`: `HOST` answered 206"),
        Case(
            testDescription: "not HTTP", answer: Answer(raw: "SSH-2.0-OpenSSH\r\n"),
            error: """
                network: cannot fetch `SERVER/it`: no answer from `HOST`: it speaks no \
                HTTP (tried 6 times)
                """),
        Case(
            testDescription: "redirects to itself",
            answer: Answer("302 Found", headers: ["Location: /it"]),
            error: "protocolViolation: cannot fetch `SERVER/it`: the redirects lead in a circle"),
        Case(
            testDescription: "redirects to nowhere", answer: Answer("302 Found"),
            error: """
                protocolViolation: cannot fetch `SERVER/it`: `HOST` redirects, and does not say \
                where to
                """),
        Case(
            testDescription: "redirects to a file",
            answer: Answer("302 Found", headers: ["Location: file:///etc/passwd"]),
            error: """
                protocolViolation: cannot fetch `SERVER/it`: `HOST` redirects to what is no plain \
                URL of http or https
                """),
        Case(
            testDescription: "redirects with a password",
            answer: Answer("302 Found", headers: ["Location: http://user:secret@127.0.0.1/"]),
            error: """
                protocolViolation: cannot fetch `SERVER/it`: `HOST` redirects to what is no plain \
                URL of http or https
                """),
        Case(
            testDescription: "larger than the limit", answer: Answer("200 OK", length: 2_000_000),
            error: "limit: cannot fetch `SERVER/it`: it is larger than 1000000 bytes"),
        Case(
            testDescription: "shorter than it says, always",
            answer: Answer("200 OK", body: [1, 2, 3], length: 10),
            error: """
                network: cannot fetch `SERVER/it`: the connection broke after N of 10 bytes: \
                the connection was closed (tried 6 times)
                """),
        Case(
            testDescription: "other bytes than expected",
            answer: Answer("200 OK", headers: ["Content-Type: text/html"], body: [1, 2, 3]),
            variables: ["hash": ContentHash(of: []).description],
            error: """
                hashMismatch: cannot fetch `SERVER/it`: expected \
                `sha256-e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855`, got \
                `sha256-039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81` \
                (3 bytes, of type `text/html`)
                hint: if the change is expected, update the hash where it stands, or lock it anew by \
                `bramble lock --update URL`; nothing was changed now
                """),
        Case(
            testDescription: "no archive", answer: Answer("200 OK", body: [1, 2, 3]),
            variables: ["unpack": "true"],
            error: """
                archive: cannot unpack `SERVER/it`: it is damaged or no archive: Unrecognized \
                archive format
                """),
    ]

    @Test(arguments: cases)
    func reports(_ row: Case) async throws {
        var harness = try FetchHarness()
        harness.options.limits.fileBytes = 1_000_000
        let harnessed = harness
        try await LoopbackServer.with { _, _ in
            row.answer
        } _: { server in
            let failure = try await harnessed.failure(server.url("/it"), variables: row.variables)
            #expect(
                failure.replacing("http://127.0.0.1:\(server.port)", with: "SERVER")
                    .replacing("127.0.0.1:\(server.port)", with: "HOST")
                    // How much came before the end was noticed is chance.
                    .replacing(/after [0-9]+ of/, with: "after N of") == row.error)
        }
        #expect(try listing(harness.scratch.path) == "")
    }

    @Test func endlessBodiesMeetTheLimit() async throws {
        var harness = try FetchHarness()
        harness.options.limits.fileBytes = 300_000
        let harnessed = harness
        let body = String(repeating: "x", count: 700_000)
        try await LoopbackServer.with { _, _ in
            Answer(raw: "HTTP/1.0 200 OK\r\n\r\n" + body)
        } _: { server in
            let failure = try await harnessed.failure(server.url("/it"))
            #expect(
                failure == """
                    limit: cannot fetch `\(server.url("/it"))`: it is larger than 300000 bytes
                    """)
        }
    }

    @Test func redirectsHaveALimit() async throws {
        let harness = try FetchHarness()
        try await LoopbackServer.with { _, number in
            Answer("302 Found", headers: ["Location: /it\(number)"])
        } _: { server in
            let failure2 = try await harness.failure(server.url("/it"))
            #expect(
                failure2 == """
                    protocolViolation: cannot fetch `\(server.url("/it"))`: it is redirected more \
                    than 10 times
                    """)
            #expect(server.requests.count == 11)
        }
    }

    @Test func mismatchesNameTheRedirects() async throws {
        let harness = try FetchHarness()
        try await LoopbackServer.with { request, _ in
            request.target == "/it"
                ? Answer("302 Found", headers: ["Location: /login?token=secret"])
                : Answer("200 OK", body: [1])
        } _: { server in
            let locked = ContentHash(of: [])
            do {
                _ = try await harness.fetch(server.url("/it"), locked: locked)
                Issue.record("fetched")
            } catch let error as FetchError {
                #expect(
                    error.mismatch
                        == HashMismatch(
                            url: try SourceURL(server.url("/it")), expected: locked,
                            actual: ContentHash(of: [1]), sizeBytes: 1, contentType: nil,
                            redirects: [server.url("/login?…")]))
                #expect(error.failure.reason == .hashMismatch)
                #expect(!error.description.contains("secret"))
            }
        }
    }

    @Test func nobodyListens() async throws {
        var harness = try FetchHarness()
        harness.options.limits.retries.attempts = 2
        let harnessed = harness
        let url = try await LoopbackServer.with { _, _ in
            Answer(raw: "")
        } _: {
            $0.url("/it")
        }
        let failure = try await harnessed.failure(url)
        #expect(failure.hasPrefix("network: cannot fetch `\(url)`: no answer from `127.0.0.1"))
        #expect(failure.hasSuffix("(tried 2 times)"))
        #expect(harness.delays.count == 1)
    }
}
