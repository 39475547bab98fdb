import BrambleModel
import Testing

@testable import BrambleStore

/// The write-ahead log of the index, which whoever opens the store reads first.
struct IndexLogTests {
    /// It is written back by who has made it long, not by who has written a little.
    @Test(arguments: [(count: 1, isEmptied: false), (count: 1000, isEmptied: true)])
    func isEmptiedWhenLong(count: Int, isEmptied: Bool) throws {
        let fixture = try StoreFixture()
        let values = (0..<count).map { (key: "\($0)", value: [UInt8](repeating: 7, count: 2000)) }
        try fixture.store.setCachedValues(values, "test")
        fixture.store.close()
        let size = try fixture.shell("stat -c %s 'the store/index.sqlite-wal'")
        #expect((size == "0\n") == isEmptied)
        let other = try LocalStore(fixture.storePath)
        #expect(try other.cachedValues("test").count == count)
    }

    /// While somebody reads it stays, and nobody waits.
    @Test(.timeLimit(.minutes(1))) func isLeftToOthers() throws {
        let fixture = try StoreFixture()
        let other = try LocalStore(fixture.storePath)
        let values = (0..<900).map { (key: "\($0)", value: [UInt8](repeating: 7, count: 2000)) }
        try other.index.readSnapshot("test") { database in
            #expect(try database.integer("SELECT count(*) FROM cache") == 0)
            try fixture.store.setCachedValues(values, "test")
            fixture.store.close()
            #expect(try database.integer("SELECT count(*) FROM cache") == 0)
        }
        #expect(try other.cachedValues("test").count == 900)
        #expect(try fixture.shell("stat -c %s 'the store/index.sqlite-wal'") != "0\n")
    }
}
