import BrambleModel
import Glibc
import TestKit
import Testing

@testable import BrambleStore

/// A process is killed in place of each call that an operation makes, of the file system and of the
/// database. Whoever opens the store next finds it whole, with all that was recorded before; and the
/// same operation succeeds.
struct KilledProcessTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// The operation of `StoreWorker` and what comes behind the store, relative to the scratch
        /// folder.
        let operation: String
        let argument: String
    }

    static let cases = [
        Case(testDescription: "add", operation: "add", argument: "tree"),
        Case(testDescription: "register", operation: "register", argument: "taken"),
        Case(testDescription: "checkpoint", operation: "checkpoint", argument: ""),
        Case(testDescription: "collect", operation: "collect", argument: ""),
    ]

    /// Behind all calls but those for the folders of blobs.
    static let firstOfFolders = 120

    @Test(arguments: cases) func everyCallIsTheLast(_ row: Case) throws {
        let fixture = try StoreFixture()
        let own = Placeholder(derivation: .hello, output: .standard).storeName
        try fixture.shell(
            """
            mkdir -p keep tree/d out && echo kept > keep/f && echo a > tree/d/a
            echo b > tree/b && ln -s b tree/l && echo '\(own)' > out/f && echo x > out/x
            """)
        let kept = try fixture.store.add(directory: fixture.scratch.path + "/keep")
        try fixture.store.setRoot(StoreRoot(.explicit, owner: "kept", objects: [kept.name]))
        let argument = row.argument.isEmpty ? "" : "\"$PWD/\(row.argument)\""
        let worker = try BuiltProducts.folder() + "/StoreWorker"
        var number = 0
        while true {
            if row.operation == "collect" {
                // Something to remove.
                _ = try fixture.store.add(directory: fixture.scratch.path + "/tree")
                try fixture.store.endLeases()
            }
            let status = try fixture.shell(
                """
                rm -rf taken && cp -r out taken
                KILL_AT=\(number) '\(worker)' \(row.operation) "$PWD/the store" \\
                    \(argument) > said 2>&1; echo $?
                """)
            try checkWhole(fixture, kept, "\(row.testDescription), call \(number)")
            // It has ended by itself, since it has no more calls.
            if status == "0\n" { break }
            let said = try TextFile.read(fixture.scratch.path + "/said")
            try #require(status == "137\n", "\(said)")
            // A collection ends with the 256 folders of blobs, one as the other.
            number += number < KilledProcessTests.firstOfFolders ? 1 : 29
        }
        #expect(number > 3)
    }

    private func checkWhole(
        _ fixture: StoreFixture, _ kept: StoredObject, _ when: String
    ) throws {
        let store = try LocalStore(fixture.storePath)
        #expect(try store.findObject(kept.name) == kept, "\(when)")
        #expect(try store.verify() == [], "\(when)")
        try fixture.store.endLeases()
        _ = try store.collectGarbage(CollectionPolicy(keepSeconds: -10))
        #expect(try store.objects() == [kept], "\(when)")
        let names = try store.fileSystem.names(in: store.folder.objects)
        #expect(names == [Array(kept.name.description.utf8)], "\(when)")
        // That of the fixture, and that of this store.
        #expect(try store.fileSystem.names(in: store.folder.temporary).count == 2, "\(when)")
        let blobs = try fixture.shell("find 'the store/blobs' -type f | wc -l")
        #expect(blobs == "1\n", "\(when)")
    }
}
