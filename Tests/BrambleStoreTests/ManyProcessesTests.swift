import TestKit
import Testing

@testable import BrambleStore

/// Many processes at one store, some of which are killed.
struct ManyProcessesTests {
    @Test func fiftyAddOverlappingTrees() throws {
        let fixture = try StoreFixture()
        let worker = try BuiltProducts.folder() + "/StoreWorker"
        try fixture.shell(
            """
            for tree in 0 1 2 3 4; do
                mkdir -p trees/$tree/d
                for file in 1 2 3 4 5 6 7 8; do echo $file > trees/$tree/d/$file; done
                echo own $tree > trees/$tree/own
            done
            for process in $(seq 50); do
                '\(worker)' add "$PWD/the store" "$PWD/trees/0" "$PWD/trees/$((process % 5))" \\
                    > out.$process 2>&1 &
                processes="$processes $!"
            done
            for process in $processes; do wait $process || { cat out.*; exit 1; }; done
            """)
        #expect(try fixture.store.objects().count == 5)
        #expect(try fixture.store.verify() == [])
        // Eight shared files, five own ones.
        #expect(try fixture.shell("find 'the store/blobs' -type f | wc -l") == "13\n")
        #expect(try fixture.shell("ls 'the store/store' | wc -l") == "5\n")
    }

    /// Additions and collections that are killed at random times: what is recorded is whole.
    @Test func killedAtRandom() throws {
        let fixture = try StoreFixture()
        let worker = try BuiltProducts.folder() + "/StoreWorker"
        var random = SeededRandom(seed: 1)
        try fixture.shell(
            """
            for tree in 0 1 2 3 4 5 6 7; do
                mkdir -p trees/$tree/d && echo $tree > trees/$tree/own
                for file in 1 2 3 4 5 6 7 8; do echo $file > trees/$tree/d/$file; done
            done
            """)
        for round in 0..<20 {
            let delay = Int.random(in: 1...60, using: &random)
            try fixture.shell(
                """
                '\(worker)' add-each "$PWD/the store" "$PWD/trees" > /dev/null 2>&1 & first=$!
                '\(worker)' collect "$PWD/the store" > /dev/null 2>&1 & second=$!
                '\(worker)' add-each "$PWD/the store" "$PWD/trees" > /dev/null 2>&1 & third=$!
                sleep 0.\(delay < 10 ? "0" : "")\(delay)
                kill -9 $first $second $third 2> /dev/null; wait; true
                """)
            #expect(try fixture.store.verify() == [], "round \(round)")
        }
        try fixture.store.endLeases()
        _ = try fixture.store.collectGarbage(CollectionPolicy(keepSeconds: -10))
        #expect(try fixture.store.objects() == [])
        #expect(try fixture.shell("ls 'the store/store'; find 'the store/blobs' -type f") == "")
        #expect(try fixture.store.fileSystem.names(in: fixture.store.folder.temporary).count == 1)
    }
}
