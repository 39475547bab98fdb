import BrambleModel
import Glibc
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
            let lock = try fixture.store.lock(key) { _ in Issue.record("there is nobody") }
            #expect(
                try fixture.shell("cat 'the store'/locks/\(FaultTests.key)") == "\(getpid())\n")
            #expect(try isFree(key, other) == false)
            #expect(try isFree(key, fixture.store) == false)
            #expect(try isFree(another, other))
            _ = consume lock
        }
        #expect(try isFree(key, other))
        #expect(try fixture.shell("ls 'the store/locks'") == "")
    }

    private func isFree(_ key: BuildKey, _ store: LocalStore) throws -> Bool {
        let lock = try store.tryLock(key)
        return lock != nil
    }

    /// Who waits is told once for whom, and has the lock when the other one gives it back; nobody
    /// has it together with somebody else.
    @Test func othersWait() async throws {
        let fixture = try StoreFixture()
        let path = fixture.storePath
        let key = key
        let lock = try fixture.store.lock(key)
        let (waiting, told) = AsyncStream<Int?>.makeStream()
        let tasks = (0..<4).map { _ in
            Task {
                try await Blocking.run { () throws(StoreError) in
                    let store = try LocalStore(path)
                    let lock = try store.lock(key) { told.yield($0) }
                    // Alone: who makes this directory finds none.
                    let place = Place(path + "/tmp/alone")
                    try store.fileSystem.makeDirectory(place, permissions: 0o700)
                    try store.fileSystem.removeDirectory(place)
                    _ = consume lock
                }
            }
        }
        var owners: [Int?] = []
        for await owner in waiting {
            owners.append(owner)
            if owners.count == tasks.count { break }
        }
        #expect(owners == [Int?](repeating: Int(getpid()), count: tasks.count))
        _ = consume lock
        for task in tasks { try await task.value }
        #expect(try fixture.shell("ls 'the store/locks'") == "")
    }

    /// A process that was killed has no lock.
    @Test func locksDoNotOutliveTheirOwner() throws {
        let fixture = try StoreFixture()
        let worker = try BuiltProducts.folder() + "/StoreWorker"
        try fixture.shell(
            """
            mkfifo told
            '\(worker)' lock "$PWD/the store" \(FaultTests.key) > told & process=$!
            read line < told && test "$line" = locked
            cat 'the store'/locks/\(FaultTests.key) > owner
            kill -9 $process; wait $process; test "$(cat owner)" = $process
            """)
        #expect(try isFree(key, fixture.store))
    }
}
