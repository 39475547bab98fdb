import BrambleModel
import TestKit
import Testing

@testable import BrambleStore

/// Damages are found, told, and healed where the content is still somewhere.
struct VerifyingTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// Run inside of the object.
        let damage: String
        let expected: [String]
        var action = RepairOutcome.Action.healed
    }

    static let cases = [
        Case(
            testDescription: "flipped bit",
            damage: "chmod u+w a && printf 1 | dd of=a conv=notrunc",
            expected: ["a content", "a time", "a mode"], action: .mustBeAddedAgain),
        Case(
            testDescription: "flipped bit, all else as it was",
            damage:
                "chmod u+w a && printf 1 | dd of=a conv=notrunc && chmod 444 a && touch -d @1 a",
            expected: ["a content"], action: .mustBeAddedAgain),
        Case(
            testDescription: "truncation",
            damage: "chmod u+w a && truncate -s 3 a && chmod 444 a && touch -d @1 a",
            expected: ["a size"], action: .mustBeAddedAgain),
        Case(
            testDescription: "changed mode", damage: "chmod 755 a d",
            expected: ["a mode", "d mode"]),
        Case(
            testDescription: "extra file", damage: "chmod u+w d && touch d/x && chmod 555 d",
            expected: ["d time", "d/x extra"]),
        Case(
            testDescription: "missing file",
            damage: "chmod u+w . && rm -f a && chmod 555 . && touch -d @1 .",
            expected: ["a missing"]),
        Case(
            testDescription: "another target",
            damage:
                "chmod u+w . && ln -sfn b l && touch -h -d @1 l && chmod 555 . && touch -d @1 .",
            expected: ["l target"]),
        Case(
            testDescription: "file for a directory",
            damage: """
                chmod -R u+w . && rm -r d && echo > d && touch -d @1 d && chmod 555 . a && touch -d @1 .
                """,
            expected: ["d kind", "d unreadable"]),
        Case(
            testDescription: "all of it gone",
            damage: "cd .. && chmod -R u+w \"$OLDPWD\" && rm -r \"$OLDPWD\"",
            expected: [" missing"]),
    ]

    @Test(arguments: cases) func damagesAreFoundAndHealed(_ row: Case) throws {
        let fixture = try StoreFixture()
        try fixture.shell(
            "mkdir -p t/d && echo content > t/a && echo b > t/d/b && ln -s a t/l && chmod +x t/d/b")
        let object = try fixture.store.add(directory: fixture.scratch.path + "/t")
        #expect(try fixture.store.verify() == [])
        try fixture.shell("cd '\(fixture.store.diskPath(of: object.name))' && \(row.damage)")
        let damages = try fixture.store.verify()
        let found = Set(damages.map { "\($0.path) \($0.kind)" })
        #expect(found.isSuperset(of: row.expected), "\(damages)")
        #expect(
            try fixture.store.repair(damages)
                == [RepairOutcome(object: object.name, action: row.action)])
        if row.action == .healed {
            #expect(try fixture.store.verify() == [])
            #expect(try fixture.store.findObject(object.name) == object)
        } else {
            #expect(try fixture.store.findObject(object.name) == nil)
            _ = try fixture.store.add(directory: fixture.scratch.path + "/t")
            #expect(try fixture.store.findObject(object.name) == object)
            #expect(try fixture.store.verify() == [])
        }
    }

    @Test func aFlippedBitIsHealedFromACopy() throws {
        let fixture = try StoreFixture()
        let object = try fixture.add(["a": "content"])
        let path = fixture.store.diskPath(of: object.name)
        // An object whose file was not shared, as where links are refused.
        try fixture.shell(
            """
            cd '\(path)' && chmod u+w . && cp a b && chmod u+w b && printf x > b && mv -f b a
            chmod 444 a && touch -d @1 a && chmod 555 . && touch -d @1 .
            """)
        let damages = try fixture.store.verify()
        #expect(damages.map(\.description) == ["\(StorePath(object.name))/a: has 1 bytes, not 7"])
        #expect(try fixture.store.repair(damages).map(\.action) == [.healed])
        #expect(try fixture.store.verify() == [])
    }

    @Test func damagedOutputsAreBuiltAgain() throws {
        let fixture = try StoreFixture()
        try fixture.shell("mkdir o && echo x > o/f")
        let facts = BuildRecord.Facts(
            key: try BuildKey(FaultTests.key), derivation: .hello, finishedAt: 1)
        func register() throws -> StoreName {
            try fixture.store.register(
                OutputsToRegister(
                    derivation: .hello, directories: [.standard: fixture.scratch.path + "/o"],
                    candidates: []), facts: facts)[0].name
        }
        let name = try register()
        try fixture.shell(
            "cd '\(fixture.store.diskPath(of: name))' && chmod u+w f && echo y > f")
        let outcomes = try fixture.store.repair(try fixture.store.verify())
        #expect(outcomes == [RepairOutcome(object: name, action: .willBeRebuilt)])
        #expect(try fixture.store.findBuild(facts.key) == nil)
        #expect(try register() == name)
        #expect(try fixture.store.findBuild(facts.key) != nil)
        #expect(try fixture.store.verify() == [])
    }

    @Test func indexIsMadeAnewFromTheDisk() throws {
        let fixture = try StoreFixture()
        let input = try fixture.add(["a": "1"])
        try fixture.shell("mkdir o")
        let own = Placeholder(derivation: .hello, output: .standard).storeName
        try fixture.scratch.write("\(own) \(input.name)", to: "o/f")
        let facts = BuildRecord.Facts(
            key: try BuildKey(FaultTests.key), derivation: .hello, finishedAt: 1)
        let output = try fixture.store.register(
            OutputsToRegister(
                derivation: .hello, directories: [.standard: fixture.scratch.path + "/o"],
                candidates: [input.name]), facts: facts)[0]
        let before = try fixture.store.objects()
        let stranger = try StoreName(FaultTests.key)
        try fixture.shell("rm 'the store'/index.sqlite* && mkdir 'the store/store/\(stranger)'")

        // Nobody may take the store for an empty one, also not after a reindexing that was ended.
        var options = LocalStore.Options()
        options.remakesIndex = true
        for _ in 0..<2 {
            let error = #expect(throws: StoreError.self) { try LocalStore(fixture.storePath) }
            #expect(error?.code == .indexLost)
            #expect(try LocalStore(fixture.storePath, options: options).objects() == [])
        }
        #expect(throws: StoreError.self) { try LocalStore(fixture.storePath) }
        let report = try LocalStore(fixture.storePath, options: options).reindex()
        let store = try LocalStore(fixture.storePath)
        #expect(
            report == ReindexReport(objectCount: 2, buildCount: 1, strangers: [stranger]))
        #expect(try store.objects() == before)
        #expect(try store.findReferences(of: output.name) == [input.name])
        #expect(try store.referrers(of: input.name) == [output.name])
        #expect(try store.findBuild(facts.key)?.outputs == [output])
        #expect(try store.verify() == [])
    }

    @Test(arguments: ["printf 'no database' > index.sqlite", "truncate -s 5000 index.sqlite"])
    func ruinedIndexIsMadeAnew(_ ruin: String) throws {
        let fixture = try StoreFixture()
        let object = try fixture.add(["a": "1"])
        try fixture.shell(
            """
            cp -a 'the store' other && cd other && rm -f index.sqlite-* && \(ruin)
            """)
        let path = fixture.scratch.path + "/other"
        let error = #expect(throws: StoreError.self) { try LocalStore(path) }
        #expect(error?.code == .indexLost)
        var options = LocalStore.Options()
        options.remakesIndex = true
        #expect(try LocalStore(path, options: options).reindex().objectCount == 1)
        #expect(try LocalStore(path).objects() == [object])
    }
}
