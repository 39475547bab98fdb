import BrambleModel
import TestKit
import Testing

@testable import BrambleStore

/// The right to build a key.
struct KeyLockTests {
    private let key: BuildKey

    init() throws {
        key = try BuildKey(FaultTests.key)
    }

    @Test func oneHasIt() throws {
        let fixture = try StoreFixture()
        let other = try LocalStore(fixture.storePath)
        let another = try BuildKey("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
        do {
            let lock = try fixture.store.tryLock(key)
            let isTaken = lock != nil
            #expect(isTaken)
            #expect(try isFree(key, other) == false)
            #expect(try isFree(key, fixture.store) == false)
            #expect(try isFree(another, other))
            _ = consume lock
        }
        #expect(try isFree(key, other))
    }

    /// Keys lock the bytes that docs/store-format.md says.
    @Test(arguments: [
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0),
        ("aaaaaaaaaaabaaaaaaaaaaaaaaaaaaaa", 1),
        ("aaaaaaaaaab2zzzzzzzzzzzzzzzzzzzz", 32 + 26),
        ("77777777777777777777777777777777", 1 << 60 - 1),
    ])
    func bytesOfKeys(_ key: String, _ byte: Int) throws {
        #expect(LocalStore.lockByte(of: try BuildKey(key)) == byte)
    }

    private func isFree(_ key: BuildKey, _ store: LocalStore) throws -> Bool {
        let lock = try store.tryLock(key)
        return lock != nil
    }

    /// Nobody has a lock together with somebody else, and everybody gets it in the end.
    @Test func othersWait() async throws {
        let fixture = try StoreFixture()
        let path = fixture.storePath
        let key = key
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let store = try LocalStore(path)
                    var count = 0
                    while count < 25 {
                        if let lock = try store.tryLock(key) {
                            // Alone: who makes this directory finds none.
                            let place = Place(path + "/tmp/alone")
                            try store.fileSystem.makeDirectory(place, permissions: 0o700)
                            try store.fileSystem.removeDirectory(place)
                            count += 1
                            _ = consume lock
                        }
                        await Task.yield()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try isFree(key, fixture.store))
    }

    /// A process that was killed has no lock.
    @Test func locksDoNotOutliveTheirOwner() throws {
        let fixture = try StoreFixture()
        let worker = try BuiltProducts.folder() + "/StoreWorker"
        try fixture.shell(
            """
            mkfifo told
            '\(worker)' lock "$PWD/the store" \(FaultTests.key) > told & process=$!
            read first < told
            '\(worker)' lock "$PWD/the store" \(FaultTests.key) > told & other=$!
            read second < told
            kill -9 $process $other; wait $process $other
            test "$first, $second" = "locked, taken"
            """)
        #expect(try isFree(key, fixture.store))
    }
}
