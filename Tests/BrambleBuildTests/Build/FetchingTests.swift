import BrambleModel
import BrambleStore
import TestKit
import Testing

@testable import BrambleBuild

/// `fetch_url` as a part of builds, from file URLs: what is fetched, and what is learned.
@Suite struct FetchingTests {
    private static func fetch(
        _ name: String, _ path: String, _ variables: [String: String] = [:]
    ) throws -> Derivation {
        var fields = Derivation.Fields(name: try DerivationName(name), builder: "fetch_url")
        fields.env = TextMap(
            variables.merging(["url": "file://" + path]) { $1 }.map {
                TextMap.Entry(name: $0.key, value: $0.value)
            })
        return try Derivation(fields)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var file: String
        var variables: [String: String] = [:]
        /// What is in the output.
        var listing: String
    }

    static let cases = [
        Case(
            testDescription: "file, named as in the URL", file: "a%20file",
            listing: "-r--r--r-- 2 5 a%20file\n"),
        Case(
            testDescription: "executable", file: "a%20file", variables: ["executable": "true"],
            listing: "-r-xr-xr-x 2 5 a%20file\n"),
        Case(
            testDescription: "unpacked by its extension", file: "archive.tar",
            listing: "dr-xr-xr-x top\n-r-xr-xr-x 2 5 top/script\n-r--r--r-- 2 5 top/text\n"),
        Case(
            testDescription: "without its first directory", file: "archive.tar",
            variables: ["strip_components": "1"],
            listing: "-r-xr-xr-x 2 5 script\n-r--r--r-- 2 5 text\n"),
        Case(
            testDescription: "not unpacked", file: "archive.tar", variables: ["unpack": "false"],
            listing: "-r--r--r-- 2 10240 archive.tar\n"),
    ]

    /// A folder with the files, and a build in it.
    private static func fixture() throws -> BuildFixture {
        let fixture = try BuildFixture()
        try fixture.shell(
            """
            mkdir -p web/top && cd web && echo text >'a file' && cp 'a file' top/text
            echo more >top/script && chmod 755 top/script
            tar --format=ustar -cf archive.tar top
            """)
        return fixture
    }

    @Test(arguments: cases)
    func output(_ testCase: Case) async throws {
        let fixture = try Self.fixture()
        let fetch = try Self.fetch(
            "it", "\(fixture.scratch.path)/web/\(testCase.file)", testCase.variables)
        let top = try derivation("top", needs: [fetch])
        let built = try await fixture.build([fetch, top], with: FakeExecutor())
        let output = try #require(built.outcome.output[fetch.hash]).outputs[0]
        #expect(try listing(fixture.store.diskPath(of: output.name)) == testCase.listing)
        let ofTop = try #require(built.outcome.output[top.hash]).outputs[0]
        #expect(try fixture.store.findReferences(of: ofTop.name) == [output.name])
        #expect(built.outcome.summary.fetched == 1)
        #expect(try fixture.leftovers() == "")
    }

    @Test func unlockedYieldsTheHash() async throws {
        let fixture = try Self.fixture()
        let fetch = try Self.fetch("it", fixture.scratch.path + "/web/top/text")
        let top = try derivation("top", needs: [fetch])
        let executor = FakeExecutor()
        let first = try await fixture.build([fetch, top], with: executor)
        let fact = URLHash(
            url: try SourceURL("file://\(fixture.scratch.path)/web/top/text"),
            hash: ContentHash(of: Array("text\n".utf8)))
        #expect(first.outcome.output.newURLHashes == [fact])
        // Nobody knows what it will be the next time.
        #expect(!first.outcome.isRepeatable)
        let second = try await fixture.build([fetch, top], with: executor)
        #expect(second.outcome.output.newURLHashes == [fact])
        #expect(second.outcome.summary.fetched == 1)
        #expect(executor.takeNames() == ["top"])
        // Other bytes are another result, and no mistake.
        try fixture.shell("echo other >web/top/text")
        let third = try await fixture.build([fetch, top], with: executor)
        #expect(third.outcome.isSuccess)
        #expect(executor.takeNames() == ["top"])
    }

    /// With a hash in the lock, or in the derivation, what is there is not fetched again.
    @Test(arguments: [false, true])
    func lockedIsRecalled(byDerivation: Bool) async throws {
        let fixture = try Self.fixture()
        let path = fixture.scratch.path + "/web/top/text"
        let hash = ContentHash(of: Array("text\n".utf8))
        let fetch = try Self.fetch("it", path, byDerivation ? ["hash": "\(hash)"] : [:])
        let fact = URLHash(url: try SourceURL("file://" + path), hash: hash)
        let locked = byDerivation ? [] : [fact]
        let executor = FakeExecutor()
        let first = try await fixture.build([fetch], urlHashes: locked, with: executor)
        #expect(first.outcome.isSuccess && first.outcome.isRepeatable)
        #expect(first.outcome.output.newURLHashes == [])
        try fixture.shell("rm web/top/text")
        let second = try await fixture.build([fetch], urlHashes: locked, with: executor)
        #expect(second.events.reused == ["it"])
        // Another recipe of the same file is found by its key.
        let again = try Self.fetch("it", path, ["hash": "\(hash)"])
        let third = try await fixture.build([again], with: executor)
        #expect(third.outcome.summary.reused == 1)
        #expect(third.outcome.isSuccess)
    }

    @Test(arguments: [false, true])
    func otherBytesThanLocked(byDerivation: Bool) async throws {
        let fixture = try Self.fixture()
        let path = fixture.scratch.path + "/web/top/text"
        let hash = ContentHash(of: [])
        let fetch = try Self.fetch("it", path, byDerivation ? ["hash": "\(hash)"] : [:])
        let top = try derivation("top", needs: [fetch])
        let locked = [URLHash(url: try SourceURL("file://" + path), hash: hash)]
        let executor = FakeExecutor()
        let built = try await fixture.build(
            [fetch, top], urlHashes: byDerivation ? [] : locked, with: executor)
        let failure = try #require(built.outcome.failures.first).failure
        #expect(failure.reason == .hashMismatch)
        try GoldenFile("hash-mismatch.txt").check(
            EventRecorder.text(failure).replacing(fixture.scratch.path, with: "/FOLDER") + "\n")
        #expect(built.outcome.output.newURLHashes == [])
        #expect(built.events.skipped == ["top"])
        #expect(try fixture.store.objects() == [])
        #expect(try fixture.store.builds() == [])
        #expect(try fixture.leftovers() == "")
    }

    /// `--check` fetches again, once, and says if something else comes.
    @Test func checkedByFetchingAgain() async throws {
        let fixture = try Self.fixture()
        let path = fixture.scratch.path + "/web/top/text"
        let hash = ContentHash(of: Array("text\n".utf8))
        let fetch = try Self.fetch("it", path, ["hash": "\(hash)"])
        fixture.options.checks = 3
        let same = try await fixture.build([fetch], with: FakeExecutor())
        #expect(same.outcome.isSuccess)
        try fixture.shell("echo other >web/top/text")
        let other = try await fixture.build([fetch], with: FakeExecutor())
        #expect(other.outcome.failures.map(\.failure.reason) == [.hashMismatch])
        try fixture.shell("rm web/top/text")
        let gone = try await fixture.build([fetch], with: FakeExecutor())
        #expect(gone.outcome.failures.map(\.failure.reason) == [.fetch])
        #expect(try fixture.leftovers() == "")
    }

    @Test func missing() async throws {
        let fixture = try Self.fixture()
        let fetch = try Self.fetch("it", fixture.scratch.path + "/web/absent")
        let built = try await fixture.build([fetch], with: FakeExecutor())
        #expect(built.outcome.failures.map(\.failure.reason) == [.fetch])
    }

    /// Fetches have slots of their own, beside those of builders.
    @Test(.timeLimit(.minutes(1)))
    func fetchesDoNotWaitForBuilders() async throws {
        let fixture = try Self.fixture()
        fixture.options.jobs = 1
        let fetch = try Self.fetch("it", fixture.scratch.path + "/web/top/text")
        let slow = try derivation("slow")
        let recorder = EventRecorder()
        let executor = FakeExecutor { _ in
            // Ends only when the fetch has.
            while recorder.all.allSatisfy({ if case .finished = $0 { false } else { true } }) {
                await Task.yield()
            }
        }
        let built = try await fixture.build(
            [fetch, slow], wanted: [fetch, slow], with: executor, reporting: recorder)
        #expect(built.outcome.isSuccess)
    }
}
