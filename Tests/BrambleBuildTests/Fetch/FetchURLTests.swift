import BrambleModel
import NIOCore
import TestKit
import Testing

@testable import BrambleBuild

/// Fetching over HTTP from a server that misbehaves.
@Suite struct FetchURLTests {
    typealias Answer = LoopbackServer.Answer

    private let text = Array("what is fetched\n".utf8)
    private var hash: String { ContentHash(of: text).description }

    /// Larger than what is written at once.
    private let large = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }

    // MARK: What works

    @Test func fetchesAFileAndSaysWhatItFound() async throws {
        let harness = try FetchHarness()
        let (large, hash) = (large, ContentHash(of: large))
        try await LoopbackServer.with { _, _ in
            Answer("200 OK", headers: ["Content-Type: application/x-test"], body: large)
        } _: { server in
            let url = server.url("/files/it.bin?query=1")
            let fetched = try await harness.fetch(url, variables: ["executable": "true"])
            #expect(fetched.kind == .file(isExecutable: true))
            #expect(fetched.urlHash == URLHash(url: try SourceURL(url), hash: hash))
            #expect(fetched.sizeBytes == 700_000)
            #expect(fetched.contentType == "application/x-test")
            #expect(fetched.redirects == [])
            #expect(server.requests.map(\.target) == ["/files/it.bin?query=1"])
            #expect(server.requests[0].headers["authorization"] == nil)
        }
        #expect(try fileBytes(harness.output) == large)
        #expect(harness.progress.last == "700000/700000")
        #expect(try listing(harness.scratch.path) == "-rwxr-xr-x 1 700000 out\n")
    }

    @Test func unpacksByExtensionOrAsTold() async throws {
        let bytes = try fileBytes(SampleArchives.folder() + "/honest.tar.gz")
        try await LoopbackServer.with { _, _ in
            Answer("200 OK", body: bytes)
        } _: { server in
            var harness = try FetchHarness()
            let strip = ["strip_components": "1"]
            let first = try await harness.fetch(server.url("/a.TGZ?x=/b.c"), variables: strip)
            #expect(first.kind == .directory)
            #expect(try fileBytes(harness.output + "/readme") == Array("hello\n".utf8))
            harness = try FetchHarness()
            let second = try await harness.fetch(server.url("/a"), variables: ["unpack": "true"])
            #expect(second.kind == .directory)
            harness = try FetchHarness()
            let third = try await harness.fetch(
                server.url("/a.tgz"), variables: ["unpack": "false"])
            #expect(third.kind == .file(isExecutable: false))
        }
    }

    @Test func followsRedirectsAndHidesTheirQueries() async throws {
        let harness = try FetchHarness()
        let text = text
        try await LoopbackServer.with { request, _ in
            switch request.target {
            case "/start": Answer("302 Found", headers: ["Location: /a/b/../c?secret=1"])
            case "/a/c?secret=1": Answer("307 Temporary Redirect", headers: ["Location: d#part"])
            case "/a/d": Answer("200 OK", body: text)
            default: Answer("404 Not Found")
            }
        } _: { server in
            let fetched = try await harness.fetch(server.url("/start"))
            #expect(fetched.redirects == [server.url("/a/c?…"), server.url("/a/d")])
        }
        #expect(try fileBytes(harness.output) == text)
    }

    @Test func asksOnceForWhatManyWantAtOnce() async throws {
        let harness = try FetchHarness()
        let (large, output) = (large, harness.output)
        try await LoopbackServer.with { _, _ in
            Answer("200 OK", body: large)
        } _: { server in
            let fetch = try fetchURL(server.url("/it"))
            let results = try await harness.with { fetcher in
                try await withThrowingTaskGroup { group in
                    for number in 0..<20 {
                        group.addTask {
                            try await fetcher.fetch(
                                fetch, lockedHash: nil, to: output + "\(number)"
                            ) { _, _ in }
                        }
                    }
                    return try await group.reduce(into: Set()) { $0.insert($1) }
                }
            }
            #expect(results.count == 1)
            #expect(server.requests.count == 1)
        }
        for number in 0..<20 { #expect(try fileBytes(harness.output + "\(number)") == large) }
    }

    // MARK: Trying again

    /// A harness for servers that fall silent: unlike a connection that ends, silence lets all that was
    /// sent arrive for sure.
    private func impatient() throws -> FetchHarness {
        var harness = try FetchHarness()
        harness.options.limits.idleTimeout = .seconds(8)
        return harness
    }

    @Test func goesOnWhereAConnectionBroke() async throws {
        let harness = try impatient()
        let large = large
        try await LoopbackServer.with { request, number in
            let headers = ["ETag: \"v1\""]
            guard let range = request.headers["range"] else {
                return Answer(
                    "200 OK", headers: headers, body: Array(large[..<300_000]), length: 700_000,
                    end: .silence)
            }
            let start = Int(range.dropFirst("bytes=".count).dropLast()) ?? 0
            let end = number == 1 ? min(start + 200_000, 700_000) : 700_000
            return Answer(
                "206 Partial Content",
                headers: headers + ["Content-Range: bytes \(start)-699999/700000"],
                body: Array(large[start..<end]), length: 700_000 - start, end: .silence)
        } _: { server in
            _ = try await harness.fetch(server.url("/it"))
            // How much of a part arrives before the timeout is up to the machine.
            let again = server.requests.dropFirst()
            #expect(again.count >= 2)
            for request in again {
                #expect(request.headers["range"]?.hasPrefix("bytes=") == true)
                #expect(request.headers["if-range"] == "\"v1\"")
            }
        }
        #expect(try fileBytes(harness.output) == large)
        #expect(harness.delays.starts(with: [.milliseconds(500), .seconds(1)]))
    }

    /// How a server goes on after it has broken off once.
    struct SecondAnswer: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let headers: [String]
        let second: @Sendable ([UInt8]) -> Answer
        /// Of the requests.
        let ranges: [String?]
    }

    static let secondAnswers = [
        SecondAnswer(
            testDescription: "without validator: from the start", headers: [],
            second: { Answer("200 OK", body: $0) }, ranges: [nil, nil]),
        SecondAnswer(
            testDescription: "weak validator: from the start", headers: ["ETag: W/\"v1\""],
            second: { Answer("200 OK", body: $0) }, ranges: [nil, nil]),
        SecondAnswer(
            testDescription: "ranges not supported, or changed meanwhile",
            headers: ["ETag: \"v1\""],
            second: { Answer("200 OK", body: $0) }, ranges: [nil, "bytes=1000-"]),
        SecondAnswer(
            testDescription: "a date that is strong",
            headers: [
                "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT",
                "Date: Sun, 06 Nov 1994 08:50:37 GMT",
            ],
            second: {
                Answer(
                    "206 Partial Content", headers: ["Content-Range: bytes 1000-699999/700000"],
                    body: Array($0[1000...]))
            }, ranges: [nil, "bytes=1000-"]),
        SecondAnswer(
            testDescription: "a date that is not strong",
            headers: [
                "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT",
                "Date: Sun, 06 Nov 1994 08:50:36 GMT",
            ], second: { Answer("200 OK", body: $0) }, ranges: [nil, nil]),
    ]

    @Test(arguments: secondAnswers)
    func startsAgainUnlessTheRestIsSafe(answer: SecondAnswer) async throws {
        let harness = try impatient()
        let large = large
        try await LoopbackServer.with { _, number in
            number == 0
                ? Answer(
                    "200 OK", headers: answer.headers, body: Array(large[..<1000]), length: 700_000,
                    end: .silence)
                : answer.second(large)
        } _: { server in
            _ = try await harness.fetch(server.url("/it"))
            #expect(server.requests.map { $0.headers["range"] } == answer.ranges)
        }
        #expect(try fileBytes(harness.output) == large)
    }

    @Test func startsAgainAfterAWrongRange() async throws {
        let large = large
        let wrong = [
            "206 Partial Content": "Content-Range: bytes 5-699999/700000",
            "416 Range Not Satisfiable": "Content-Range: bytes */10",
        ]
        for (status, range) in wrong {
            let harness = try impatient()
            try await LoopbackServer.with { request, number in
                switch number {
                case 0:
                    Answer(
                        "200 OK", headers: ["ETag: \"v1\""], body: Array(large[..<1000]),
                        length: 700_000, end: .silence)
                case 1: Answer(status, headers: [range], body: [1, 2, 3])
                default: Answer("200 OK", body: large)
                }
            } _: { server in
                _ = try await harness.fetch(server.url("/it"))
                #expect(
                    server.requests.map { $0.headers["range"] } == [nil, "bytes=1000-", nil])
            }
            #expect(try fileBytes(harness.output) == large)
        }
    }

    @Test func waitsAsLongAsTheServerAsks() async throws {
        let harness = try FetchHarness()
        let text = text
        try await LoopbackServer.with { _, number in
            switch number {
            case 0: Answer("429 Too Many Requests", headers: ["Retry-After: 7"])
            case 1:
                Answer(
                    "503 Service Unavailable",
                    headers: ["Retry-After: Thu, 01 Jan 2026 00:00:09 GMT"])
            case 2: Answer(raw: "HTTP/1.1 200 OK\r\nConte", end: .reset)
            case 3: Answer(raw: "", end: .reset)
            default: Answer("200 OK", body: text)
            }
        } _: { server in
            _ = try await harness.fetch(server.url("/it"))
        }
        #expect(harness.delays == [.seconds(7), .seconds(9), .seconds(2), .seconds(4)])
    }

    @Test func idleServersAreGivenUp() async throws {
        var harness = try FetchHarness()
        harness.options.limits.idleTimeout = .seconds(1)
        harness.options.limits.retries.attempts = 1
        try await LoopbackServer.with { _, number in
            Answer(raw: "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", end: .silence)
        } _: { server in
            let failure = try await harness.failure(server.url("/it"))
            #expect(
                failure == """
                    network: cannot fetch `\(server.url("/it"))`: the connection broke after 3 of \
                    10 bytes: it fell silent
                    """)
        }
        #expect(try listing(harness.scratch.path) == "")
    }

    @Test func slowServersAreGivenUp() async throws {
        var harness = try FetchHarness()
        // No server is so fast, even if all that it sent has waited for a machine with much to do.
        harness.options.limits.slowSpan = .zero
        harness.options.limits.slowBytes = .max
        harness.options.limits.retries.attempts = 1
        try await LoopbackServer.with { _, _ in
            var answer = Answer("200 OK", body: [UInt8](repeating: 65, count: 5000))
            answer.pause = .milliseconds(1)
            return answer
        } _: { server in
            let failure2 = try await harness.failure(server.url("/it"))
            #expect(
                failure2 == """
                    network: cannot fetch `\(server.url("/it"))`: `127.0.0.1:\(server.port)` sends \
                    too slowly
                    """)
        }
    }

    @Test func cancellationEndsAFetchAndLeavesNothing() async throws {
        let harness = try FetchHarness()
        let output = harness.output
        try await LoopbackServer.with { _, _ in
            Answer(raw: "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", end: .silence)
        } _: { server in
            let fetch = try fetchURL(server.url("/it"))
            await #expect(throws: CancellationError.self) {
                try await harness.with { fetcher in
                    try await withThrowingTaskGroup { group in
                        group.addTask {
                            _ = try await fetcher.fetch(
                                fetch, lockedHash: nil, to: output
                            ) { _, _ in }
                        }
                        while server.requests.isEmpty { await Task.yield() }
                        group.cancelAll()
                        try await group.waitForAll()
                    }
                }
            }
        }
        #expect(try listing(harness.scratch.path) == "")
    }
}
