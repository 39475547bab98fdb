import BrambleModel
import TestKit
import Testing

@testable import BrambleStore

/// Sources of the host: what is read again, and what is not.
struct SourceTests {
    /// Files that are old enough for their times to be trusted.
    private func makeSources(_ fixture: StoreFixture) throws -> String {
        try fixture.shell(
            "mkdir -p src/d && echo a > src/a && echo b > src/d/b && ln -s a src/l && chmod +x src/a"
        )
        return fixture.scratch.path + "/src"
    }

    /// Waits until the file system's clock has moved past what was written last.
    private func passTime(_ fixture: StoreFixture) throws {
        let start = try changedAt("src/d/b", fixture)
        var tries = 0
        repeat {
            try fixture.shell("touch clock")
            tries += 1
            try #require(tries < 10_000)
        } while try changedAt("clock", fixture) < start + 40_000_000
    }

    private func changedAt(_ file: String, _ fixture: StoreFixture) throws -> Int64 {
        let place = Place(fixture.scratch.path + "/" + file)
        return try #require(try fixture.store.fileSystem.status(at: place)).changedAt
    }

    @Test func onlyWhatHasChangedIsRead() throws {
        let fixture = try StoreFixture()
        let path = try makeSources(fixture)
        try passTime(fixture)
        let first = try fixture.store.sourceTree(path)
        #expect(first.readCount == 2)
        #expect(try fixture.independently(path) == "\(first.tree.root) \(first.name)")
        #expect(try fixture.store.sourceTree(path).readCount == 0)
        #expect(try fixture.store.objects() == [])

        try fixture.shell("echo c > src/d/b && touch -r src/a src/d/b")
        let second = try fixture.store.sourceTree(path)
        #expect(second.readCount == 1)
        #expect(try fixture.independently(path) == "\(second.tree.root) \(second.name)")

        let object = try fixture.store.addSources(path, expecting: second.tree.root)
        #expect(object.name == second.name)
        #expect(try fixture.store.damages(of: object.name) == [])
        let error = #expect(throws: StoreError.self) {
            try fixture.store.addSources(path, expecting: first.tree.root)
        }
        #expect(error?.code == .corrupt)
    }

    /// A change in the same tick of the clock, of the same size, cannot be told from the times.
    @Test func whatWasWrittenJustNowIsReadAgain() throws {
        let fixture = try StoreFixture()
        let path = try makeSources(fixture)
        for round in 0..<50 {
            try fixture.scratch.write("\(round % 10)\n", to: "src/a")
            let tree = try fixture.store.sourceTree(path)
            let file = try #require(tree.tree.directories[tree.tree.root]?.files.first)
            #expect(file.digest == Digest(of: Array("\(round % 10)\n".utf8)), "round \(round)")
        }
    }

    @Test func partsOfADirectory() throws {
        let fixture = try StoreFixture()
        let path = try makeSources(fixture)
        try fixture.shell(
            "mkdir -p src/empty/inner part/d part/empty && cp src/d/b part/d && ln -s a part/l")
        let paths = try ["l", "empty", "d/b"].map { try RelativePath($0) }
        try passTime(fixture)
        let all = try fixture.store.sourceTree(path)
        #expect(all.readCount == 2)
        let tree = try fixture.store.sourceTree(path, paths: paths)
        #expect(tree.readCount == 0)
        let expected = try fixture.independently(fixture.scratch.path + "/part")
        #expect("\(tree.tree.root) \(tree.name)" == expected)
        let object = try fixture.store.addSources(path, paths: paths, expecting: tree.tree.root)
        #expect(object.name == tree.name)
        #expect(try fixture.store.sourceTree(path).readCount == 0)

        let error = #expect(throws: StoreError.self) {
            try fixture.store.sourceTree(path, paths: [try RelativePath("absent")])
        }
        #expect(
            message(of: error, fixture)
                == "cannot read the sources in `/FOLDER/src`: there is no `absent`")
    }

    @Test func cachesAreReadAsTheyWereWritten() throws {
        let fixture = try StoreFixture()
        let path = try makeSources(fixture)
        try passTime(fixture)
        _ = try fixture.store.sourceTree(path)
        let bytes = try #require(try fixture.store.cachedValue("stat", path))
        let cache = try #require(StatCache(decoding: bytes))
        #expect(cache.entries.count == 2)
        #expect(cache.encoded == bytes)
        for count in 1..<bytes.count where count != bytes.count / 2 {
            let cut = StatCache(decoding: Array(bytes.prefix(count)))
            #expect((cut?.entries.count ?? 0) < 2, "\(count) bytes")
        }
    }
}
