import BrambleModel
import Glibc
import TestKit
import TestSupport
import Testing

@testable import BrambleStore

/// Every call that an operation makes, of the file system and of the database, fails once: the
/// operation says so, and the store is as whole as before.
struct FaultTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let run: @Sendable (LocalStore, StoreFixture) throws -> Void
    }

    static let key = "jq7sm6c66lutptnwolzon5523svodvrb"

    static let cases = [
        Case(
            testDescription: "add",
            run: { store, fixture in
                _ = try store.add(directory: fixture.scratch.path + "/tree")
            }),
        Case(
            testDescription: "register",
            run: { store, fixture in
                try register(store, fixture, mayBeTaken: false)
            }),
        Case(
            testDescription: "register by taking",
            run: { store, fixture in
                // What has been taken is gone, whatever came of it.
                try fixture.shell(
                    "rm -rf taken-*; cp -r out taken-out; cp -r dev taken-dev")
                try register(store, fixture, mayBeTaken: true)
            }),
        Case(testDescription: "checkpoint", run: { store, _ in try store.checkpoint() }),
        Case(
            testDescription: "collect",
            run: { store, _ in
                _ = try store.collectGarbage(CollectionPolicy(keepSeconds: -10))
            }),
    ]

    private static func register(
        _ store: LocalStore, _ fixture: StoreFixture, mayBeTaken: Bool
    ) throws {
        let folder = fixture.scratch.path + (mayBeTaken ? "/taken-" : "/")
        let request = OutputsToRegister(
            derivation: .hello,
            directories: [.standard: folder + "out", .dev: folder + "dev"], candidates: [],
            mayBeTaken: mayBeTaken)
        _ = try store.register(
            request,
            facts: BuildRecord.Facts(key: try BuildKey(key), derivation: .hello, finishedAt: 1))
    }

    private func prepare(_ fixture: StoreFixture) throws -> StoredObject {
        let own = Placeholder(derivation: .hello, output: .standard).storeName
        let dev = Placeholder(derivation: .hello, output: .dev).storeName
        try fixture.shell(
            """
            mkdir -p keep tree/d out dev && echo kept > keep/f && echo a > tree/d/a
            echo b > tree/b && ln -s b tree/l && echo '\(own) \(dev)' > out/f && echo x > dev/x
            """)
        return try fixture.store.add(directory: fixture.scratch.path + "/keep")
    }

    @Test(arguments: cases, [1, Int.max]) func everyCallFails(
        _ row: Case, _ failureCount: Int
    ) throws {
        let errorNumber = failureCount == 1 ? EIO : ENOSPC
        let faults = CallFaults()
        let fixture = try StoreFixture()
        let kept = try prepare(fixture)
        try fixture.store.setRoot(StoreRoot(.explicit, owner: "kept", objects: [kept.name]))
        var number = 0
        while true {
            var options = LocalStore.Options()
            options.fileSystem = FaultyFileSystem(faults)
            options.databaseProbe = { () throws(StoreError) in try faults.count("sqlite") }
            faults.plan(failing: 0..<0, errorNumber: 0)
            do {
                let store = try LocalStore(fixture.storePath, options: options)
                if row.testDescription == "collect" {
                    _ = try store.add(directory: fixture.scratch.path + "/tree")
                    try store.endLeases()
                }
                let end = failureCount == 1 ? number + 1 : Int.max
                faults.plan(failing: number..<end, errorNumber: errorNumber)
                let outcome = Swift.Result { try row.run(store, fixture) }
                let isExhausted = faults.callCount <= number
                faults.plan(failing: 0..<0, errorNumber: 0)
                if case .success = outcome, isExhausted { break }
            }
            try checkWhole(fixture, kept, "\(row.testDescription), call \(number)")
            number += 1
        }
        #expect(number > 3)
    }

    private func checkWhole(
        _ fixture: StoreFixture, _ kept: StoredObject, _ when: String
    ) throws {
        let store = try LocalStore(fixture.storePath)
        #expect(try store.findObject(kept.name) == kept, "\(when)")
        #expect(try store.verify() == [], "\(when)")
        if let build = try store.findBuild(try BuildKey(FaultTests.key)) {
            #expect(build.outputs.count == 2, "\(when)")
        }
        try fixture.store.endLeases()
        _ = try store.collectGarbage(CollectionPolicy(keepSeconds: -10))
        #expect(try store.objects() == [kept], "\(when)")
        let names = try store.fileSystem.names(in: store.folder.objects)
        #expect(names == [Array(kept.name.description.utf8)], "\(when)")
        #expect(try store.fileSystem.names(in: store.folder.temporary).count == 2, "\(when)")
        #expect(try store.verify() == [], "\(when)")
    }
}
