import BrambleModel
import Synchronization
import TestKit
import Testing

@testable import BrambleStore

/// What collections keep and what they remove.
struct CollectingTests {
    /// A clock that tests move.
    final class Clock: Sendable {
        private let seconds = Mutex(1_700_000_000)

        var now: Int { seconds.withLock { $0 } }

        func advance(_ amount: Int) { seconds.withLock { $0 += amount } }
    }

    static let day = 86_400

    private func register(
        _ text: String, references: [StoreName], _ fixture: StoreFixture
    ) throws -> StoreName {
        try fixture.shell("rm -rf o && mkdir o")
        try fixture.scratch.write(
            text + references.map(\.description).joined(separator: " "), to: "o/file")
        return try fixture.store.register(
            OutputsToRegister(
                derivation: .hello, directories: [.standard: fixture.scratch.path + "/o"],
                candidates: references))[0].name
    }

    @Test func whatRootsNeedStays() throws {
        let fixture = try StoreFixture()
        let low = try register("low", references: [], fixture)
        let high = try register("high", references: [low], fixture)
        let lone = try register("lone", references: [], fixture)
        try fixture.store.setRoot(StoreRoot(.explicit, owner: "r", objects: [high]))
        try fixture.store.endLeases()
        let report = try fixture.store.collectGarbage(CollectionPolicy(keepSeconds: -10))
        #expect(report.objects.map(\.name) == [lone])
        #expect(report.blobCount == 1)
        #expect(try fixture.store.objects().map(\.name) == [low, high].sorted())
        #expect(try fixture.store.verify() == [])

        #expect(try fixture.store.removeRoot(.explicit, owner: "r"))
        let rest = try fixture.store.collectGarbage(CollectionPolicy(keepSeconds: -10))
        #expect(rest.objects.map(\.name) == [high, low])
        #expect(try fixture.shell("find 'the store/store' 'the store/blobs' -type f") == "")
    }

    @Test func whatOpenStoresHaveStays() throws {
        let fixture = try StoreFixture()
        let object = try fixture.add(["a": "1"])
        let policy = CollectionPolicy(keepSeconds: -10)
        do {
            let other = try LocalStore(fixture.storePath)
            #expect(try other.collectGarbage(policy).objects == [])
            try other.lease([object.name])
            try fixture.store.endLeases()
            #expect(try fixture.store.collectGarbage(policy).objects == [])
        }
        #expect(try fixture.store.collectGarbage(policy).objects == [object])
        let error = #expect(throws: StoreError.self) { try fixture.store.lease([object.name]) }
        #expect(error?.code == .notFound)
    }

    @Test func linksKeepAsLongAsTheyLead() throws {
        let fixture = try StoreFixture()
        let object = try fixture.add(["a": "1"])
        let link = fixture.scratch.path + "/result"
        try fixture.shell("ln -s \(StorePath(object.name)) result")
        try fixture.store.setRoot(StoreRoot(.link, owner: link, objects: [object.name]))
        try fixture.store.endLeases()
        let policy = CollectionPolicy(keepSeconds: -10)
        #expect(try fixture.store.collectGarbage(policy).objects == [])
        try fixture.shell("rm result && ln -s elsewhere result")
        #expect(try fixture.store.collectGarbage(policy).objects == [object])
    }

    @Test func daysAndSizes() throws {
        let clock = Clock()
        let fixture = try StoreFixture { $0.clock = { clock.now } }
        let size = 1000
        var names: [StoreName] = []
        for number in 0..<4 {
            let text = "\(number)" + String(repeating: "-", count: size - 1)
            names.append(try fixture.add(["f": text]).name)
            clock.advance(CollectingTests.day)
        }
        try fixture.store.endLeases()
        func wouldRemove(days: Int, maximum: Int? = nil) throws -> [StoreName] {
            try fixture.store.collectGarbage(
                CollectionPolicy(
                    keepSeconds: days * CollectingTests.day, maximumSizeBytes: maximum,
                    isDryRun: true)
            ).objects.map(\.name).sorted()
        }
        #expect(try wouldRemove(days: 5) == [])
        #expect(try wouldRemove(days: 2) == names.prefix(2).sorted())
        #expect(try wouldRemove(days: 5, maximum: 4 * size) == [])
        #expect(try wouldRemove(days: 5, maximum: 2 * size) == names.prefix(2).sorted())
        #expect(try wouldRemove(days: 5, maximum: 2 * size - 1) == names.prefix(3).sorted())
        // A use makes the oldest the youngest.
        try fixture.store.lease([names[0]])
        try fixture.store.endLeases()
        #expect(try wouldRemove(days: 2) == [names[1]])
        #expect(try fixture.store.objects().count == 4)
    }

    /// What builds find is used, also if they find it day after day and build nothing.
    @Test func lookUpsAreUses() throws {
        let clock = Clock()
        let fixture = try StoreFixture { $0.clock = { clock.now } }
        try fixture.shell("mkdir o && echo x > o/f")
        let facts = BuildRecord.Facts(
            key: try BuildKey(FaultTests.key), derivation: .hello, finishedAt: 1)
        let built = try fixture.store.register(
            OutputsToRegister(
                derivation: .hello, directories: [.standard: fixture.scratch.path + "/o"],
                candidates: []), facts: facts)[0].name
        let whole = try fixture.add(["a": "1"]).name
        let unused = try fixture.add(["a": "2"]).name
        try fixture.store.endLeases()
        for _ in 0..<4 {
            clock.advance(CollectingTests.day)
            #expect(try fixture.store.findBuild(facts.key) != nil)
            #expect(try fixture.store.areWhole([whole]))
        }
        let report = try fixture.store.collectGarbage(
            CollectionPolicy(keepSeconds: 2 * CollectingTests.day))
        #expect(report.objects.map(\.name) == [unused])
        #expect(try fixture.store.objects().map(\.name) == [built, whole].sorted())
    }

    @Test func blobsOfTheirOwn() throws {
        let clock = Clock()
        let fixture = try StoreFixture { $0.clock = { clock.now } }
        let digest = try fixture.store.addBlob(Array("a log".utf8))
        _ = try fixture.store.collectGarbage(CollectionPolicy(keepSeconds: 10))
        #expect(try fixture.store.hasBlob(digest))
        clock.advance(11)
        let report = try fixture.store.collectGarbage(CollectionPolicy(keepSeconds: 10))
        #expect(report.blobCount == 1)
        #expect(try !fixture.store.hasBlob(digest))
    }

    @Test func durabilityAndUncleanBoots() throws {
        let fixture = try StoreFixture()
        let durable = try fixture.add(["a": "1"], as: "durable")
        #expect(try fixture.store.checkpoint() == 1)
        #expect(try fixture.store.checkpoint() == 0)
        let good = try fixture.add(["a": "2"], as: "good")
        let lost = try fixture.add(["a": "3"], as: "lost")
        try fixture.shell(
            """
            cd '\(fixture.store.diskPath(of: lost.name))' && chmod u+w a && printf x > a
            """)
        var options = LocalStore.Options()
        options.bootID = "the next boot"
        let store = try LocalStore(fixture.storePath, options: options)
        #expect(try store.findObject(durable.name) == durable)
        #expect(try store.findObject(good.name) == good)
        #expect(try store.findObject(lost.name) == nil)
        #expect(try store.objects() == [durable, good].sorted { $0.name < $1.name })
        // Added again, it is what it was.
        #expect(try store.add(directory: fixture.scratch.path + "/lost") == lost)
        #expect(try store.findObject(lost.name) == lost)
    }
}
