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
        try status(file, fixture).changedAt
    }

    private func status(_ file: String, _ fixture: StoreFixture) throws -> FileStatus {
        let place = Place(fixture.scratch.path + "/" + file)
        return try #require(try fixture.store.fileSystem.status(at: place))
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
        let bytes = try #require(
            try fixture.store.cachedValue(LocalStore.statKind, path))
        let cache = try #require(StatCache(decoding: bytes))
        #expect(
            cache.folders.keys.map { String(decoding: $0, as: UTF8.self) }.sorted() == ["", "d"])
        #expect(cache.encoded == bytes)
        let folder = WalkedTree.Folder(
            name: "d", path: "d",
            files: [
                WalkedTree.File(name: "b", status: try status("src/d/b", fixture)),
                WalkedTree.File(name: "a", status: try status("src/a", fixture)),
            ])
        #expect(cache.find(folder).digests == [Digest(of: Array("b\n".utf8)), nil])
        for count in 0..<bytes.count {
            // Cut anywhere, it is none, or less; never something else.
            guard let cut = StatCache(decoding: Array(bytes.prefix(count))) else { continue }
            #expect(cut.folders.count < 2, "\(count) bytes")
        }
        let records = try #require(cache.folders[Array("d".utf8)])
        for count in 0..<records.count {
            var cut = StatCache()
            cut.folders[Array("d".utf8)] = Array(records.prefix(count))
            #expect(cut.find(folder).digests == [nil, nil], "\(count) bytes")
        }
    }

    /// Files come in any order and any part, and what is known of the others stays.
    @Test func cachesAreMerged() throws {
        let fixture = try StoreFixture()
        _ = try makeSources(fixture)
        let status = try status("src/a", fixture)
        var random = SeededRandom(seed: 5)
        let names = ["a", "a.b", "a-b", "ab", "é", "e\u{301}", "z", "Z", "", "aa", "b"]
        var cache = StatCache()
        // By bytes: some of these names are equal as texts.
        var expected: [[UInt8]: Digest] = [:]
        for round in 0..<200 {
            let part = names.filter { _ in Bool.random(using: &random) }
                .shuffled(using: &random)
            let keeps = Int.random(in: 0..<4, using: &random) > 0
            let digests = part.map { name in
                Bool.random(using: &random)
                    ? Digest(
                        hash: ContentHash(of: Array("\(name) \(round)".utf8)),
                        sizeBytes: status.sizeBytes)
                    : nil
            }
            let folder = WalkedTree.Folder(
                name: "f", path: "f",
                files: part.map { WalkedTree.File(name: $0, status: status) })
            cache.set(folder, digests, now: nil, keepsOthers: keeps)
            if !keeps { expected = [:] }
            for (name, digest) in zip(part, digests) {
                expected[Array(name.utf8)] = digest
            }
            let all = WalkedTree.Folder(
                name: "f", path: "f",
                files: names.shuffled(using: &random).map {
                    WalkedTree.File(name: $0, status: status)
                })
            #expect(
                cache.find(all).digests == all.files.map { expected[Array($0.name.utf8)] },
                "round \(round)")
            #expect(StatCache(decoding: cache.encoded) == cache)
        }
    }
}
