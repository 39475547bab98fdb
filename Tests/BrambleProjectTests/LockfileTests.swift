import BrambleModel
import SourceDiagnostics
import TestKit
import Testing

@testable import BrambleProject

/// What `bramble.lock` says, and how it changes.
struct LockfileTests {
    private func hash(_ url: String, of text: String) throws -> URLHash {
        URLHash(url: try SourceURL(url), hash: ContentHash(of: Array(text.utf8)))
    }

    private func pin(_ reference: String) throws -> GitPin {
        GitPin(
            url: try SourceURL("https://example.org/r"), reference: reference,
            commit: String(repeating: "a", count: 40), tree: Digest(of: [1]))
    }

    private func read(_ text: String) throws(DiagnosticList) -> Lockfile {
        try Lockfile(SourceFile(name: "bramble.lock", text: text))
    }

    @Test func linesAreSortedAndReadAgain() throws {
        let lock = try Lockfile().merging(
            urlHashes: [
                hash("https://example.org/b", of: "b"), hash("https://example.org/a", of: "a"),
            ], gitPins: [pin("v2"), pin("refs/heads/\"odd\"")])
        let lines = lock.text.split(separator: "\n")
        #expect(lines.count == 6)
        #expect(lines[0] == "[url_hashes]")
        #expect(lines[1].hasPrefix("\"https://example.org/a\" = \"sha256-"))
        #expect(try read(lock.text) == lock)
        // Merges by hand, and tools, leave lines in any order.
        let shuffled = ([lines[0], lines[2], lines[1]] + lines[3...]).joined(separator: "\n")
        #expect(try read(shuffled) == lock)
    }

    @Test func factsThatDifferAreRefused() throws {
        let lock = try Lockfile().merging(
            urlHashes: [hash("https://example.org/a", of: "a")], gitPins: [])
        let same = try lock.merging(
            urlHashes: [hash("https://example.org/a", of: "a")], gitPins: [])
        #expect(same == lock)
        let mismatch = #expect(throws: Lockfile.Mismatch.self) {
            try lock.merging(urlHashes: [hash("https://example.org/a", of: "x")], gitPins: [])
        }
        #expect(mismatch?.subject == "https://example.org/a")
        #expect(mismatch?.expected == lock.urlHashes[0].hash.description)
    }

    @Test(arguments: [
        ("<<<<<<< ours\n[git]\n=======\n", "a merge was not finished"),
        ("[urls]\n", "unknown table `[urls]`"),
        ("git = 1\n", "`git` must be a table"),
        (
            "[url_hashes]\n\"ftp://x\" = \"sha256-00\"\n",
            "`ftp://x` is not a URL that can be fetched"
        ),
        (
            "[url_hashes]\n\"https://example.org/a\" = 1\n",
            "`https://example.org/a` must be a string, not an integer"
        ),
        (
            "[git]\n\"https://example.org/r\" = \"abc\"\n",
            "`https://example.org/r` is no fact about Git"
        ),
    ])
    func mistakesAreNamed(_ text: String, _ message: String) {
        let error = #expect(throws: DiagnosticList.self) { try read(text) }
        #expect(error?.diagnostics.first?.message == message)
    }

    @Test func updatesAtOnceLoseNothing() async throws {
        let folder = try ScratchFolder()
        let root = folder.path
        let count = 24
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<count {
                let fact = try? hash("https://example.org/\(number)", of: "\(number)")
                group.addTask {
                    let hashes = fact.map { [$0] } ?? []
                    return
                        (try? Lockfile.update(
                            in: root, urlHashes: hashes, gitPins: [], mode: .update)) != nil
                }
            }
            for await isUpdated in group { #expect(isUpdated) }
        }
        #expect(try Lockfile.read(in: root).urlHashes.count == count)
    }

    @Test func whatChangesNothingIsNotWritten() throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/bramble.lock"
        let facts = [try hash("https://example.org/a", of: "a")]
        _ = try Lockfile.update(in: folder.path, urlHashes: facts, gitPins: [], mode: .update)
        let stamp = FileStamp(path: path)
        for mode in LockMode.allCases {
            _ = try Lockfile.update(in: folder.path, urlHashes: facts, gitPins: [], mode: mode)
        }
        #expect(FileStamp(path: path) == stamp)
        let more = [try hash("https://example.org/b", of: "b")]
        #expect(throws: Lockfile.UpdateFailure.self) {
            try Lockfile.update(in: folder.path, urlHashes: more, gitPins: [], mode: .locked)
        }
        #expect(FileStamp(path: path) == stamp)
    }
}
