import BrambleModel
import FoundationEssentials
import Synchronization
import TestKit
import Testing

@testable import BrambleBuild
@testable import BrambleRemote

/// Who says who we are, when it is asked, and what is wrong with its answers.
@Suite struct CredentialTests {
    private func helper(_ script: String, in scratch: ScratchFolder) throws -> HeaderHelper {
        try scratch.write("#!/bin/sh\n" + script, to: "helper")
        return HeaderHelper(
            program: "sh", arguments: [scratch.path + "/helper"],
            environment: ["PATH": "/usr/bin:/bin", "HERE": scratch.path])
    }

    @Test func aHelperIsAskedAsBazelAsks() async throws {
        let scratch = try ScratchFolder()
        let helper = try helper(
            """
            test "$1" = get && cat >"$HERE/asked"
            echo '{"headers":{"Authorization":["Bearer t"],"X-A":["1","2"]},"more":{},'
            echo '"expires":"2999-01-01T00:00:00.5+01:00"}'
            """, in: scratch)
        let answer = try await helper.headers(for: "https://cache.example.org/")
        #expect(answer.headers.map(\.name) == ["authorization", "x-a", "x-a"])
        #expect(answer.headers.map(\.value) == ["Bearer t", "1", "2"])
        #expect(answer.lifetime ?? .zero > .seconds(1_000_000))
        let asked = try TextFile.read(scratch.path + "/asked")
        let fields = try JSONDecoder().decode([String: String].self, from: Data(asked.utf8))
        #expect(fields == ["uri": "https://cache.example.org/"])
    }

    @Test func aHelperMayBeAPath() async throws {
        let scratch = try ScratchFolder()
        try scratch.write("#!/bin/sh\necho '{}'\n", to: "helper")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: scratch.path + "/helper")
        let helper = HeaderHelper(
            program: scratch.path + "/helper", arguments: [],
            environment: ["PATH": "/usr/bin:/bin"])
        let answer = try await helper.headers(for: "https://x/")
        #expect(answer.headers.isEmpty && answer.lifetime == nil)
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let script: String
        let message: String
        var testDescription: String { script }
    }

    @Test(arguments: [
        Mistake(script: "echo no such user >&2; exit 3", message: "failed: no such user"),
        Mistake(script: "exit 3", message: "failed"),
        Mistake(script: "echo token", message: "has not answered by a JSON object with `headers`"),
        Mistake(
            script: #"echo '{"headers":{"a b":["c"]}}'"#,
            message: "has answered with a header that cannot be sent"),
        Mistake(
            script: #"echo '{"headers":{"x-bin":["c"]}}'"#,
            message: "has answered with a header that cannot be sent"),
        Mistake(
            script: #"echo '{"headers":{},"expires":"soon"}'"#,
            message: "has answered with a time that is none: `expires`"),
    ])
    func mistakesAreTold(_ mistake: Mistake) async throws {
        let scratch = try ScratchFolder()
        let helper = try helper(mistake.script, in: scratch)
        let error = await #expect(throws: FetchError.self) {
            _ = try await helper.headers(for: "https://x/")
        }
        #expect(error?.message == "the credential helper `sh` " + mistake.message)
    }

    @Test func aHelperThatIsNotThere() async throws {
        let helper = HeaderHelper(
            program: "no-such-helper", arguments: [], environment: ["PATH": "/usr/bin:/bin"])
        let error = await #expect(throws: FetchError.self) {
            _ = try await helper.headers(for: "https://x/")
        }
        #expect(error?.message == "the credential helper `no-such-helper` cannot be run")
    }

    @Test(arguments: [
        ("grpcs://cache.example.org:443", "https://cache.example.org/"),
        ("grpcs://cache.example.org:8443/main", "https://cache.example.org:8443/"),
        ("grpc://[::1]:80", "http://[::1]/"),
    ])
    func serversAreKnownToHelpersByURIs(endpoint: String, uri: String) throws {
        #expect(try RemoteEndpoint(endpoint).uri == uri)
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2027-01-01T00:00:00Z", 1_798_761_600),
        ("2024-02-29t12:30:01.25z", 1_709_209_801), ("1970-01-01T01:00:00+01:00", 0),
        ("1970-01-01T00:00:00-00:30", 1_800), ("2027-01-01", nil), ("2027-13-01T00:00:00Z", nil),
        ("2027-01-01T00:00:00", nil), ("2027-01-01T00:00:00.Z", nil), ("", nil),
        ("2027-01-01T00:00:00+0100", nil), ("2027-01-01 00:00:00Z", nil),
    ])
    func times(text: String, seconds: Int?) { #expect(InternetTime.seconds(text) == seconds) }

    // MARK: When it is asked

    private final class Source: Sendable {
        let count = Mutex(0)
        let lifetime: Duration?

        init(_ lifetime: Duration?) { self.lifetime = lifetime }

        func ask() async throws -> RemoteCredentials {
            try await Task.sleep(for: .milliseconds(20))
            let number = count.withLock { count in
                count += 1
                return count
            }
            return RemoteCredentials(
                headers: [("authorization", "\(number)")], lifetime: lifetime)
        }
    }

    @Test func manyCallsAskOnce() async throws {
        let source = Source(nil)
        let cache = CredentialCache { try await source.ask() }
        let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 { group.addTask { try await cache.current().number } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(numbers == [1] && source.count.withLock { $0 } == 1)
        let known = try await cache.current()
        cache.refuse(known)
        #expect(try await cache.current().number == 2)
        // Whoever was refused with the old ones does not drop the new ones.
        cache.refuse(known)
        #expect(try await cache.current().number == 2)
    }

    @Test func whatEndsIsAskedForAgain() async throws {
        // Ten seconds before it ends.
        let (short, long) = (Source(.seconds(10)), Source(.seconds(60)))
        let cache = CredentialCache { try await short.ask() }
        #expect(try await [cache.current().number, cache.current().number] == [1, 2])
        let other = CredentialCache { try await long.ask() }
        #expect(try await [other.current().number, other.current().number] == [1, 1])
    }
}
