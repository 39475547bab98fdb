import BrambleModel
import TestKit
import Testing

@testable import BrambleStore

/// Objects from one store to another as one file.
struct ArchiveTests {
    private func export(_ names: [StoreName], _ store: LocalStore) throws -> [UInt8] {
        var archive: [UInt8] = []
        try store.exportClosure(of: names) { archive += $0 }
        return archive
    }

    private func importAll(
        _ archive: [UInt8], _ store: LocalStore, partBytes: Int = .max
    ) throws -> [StoredObject] {
        var rest = archive[...]
        return try store.importArchive { count in
            let part = rest.prefix(min(count, partBytes))
            rest = rest.dropFirst(part.count)
            return Array(part)
        }
    }

    /// An output that refers to itself and to an input.
    private func makeClosure(_ fixture: StoreFixture) throws -> StoreName {
        let input = try fixture.add(["a": "1", "same": "2"], as: "input")
        let own = Placeholder(derivation: .hello, output: .standard).storeName
        try fixture.shell("mkdir o && ln -s \(own) o/link")
        try fixture.scratch.write("\(own) \(input.name)", to: "o/f")
        try fixture.scratch.write("2", to: "o/same")
        return try fixture.store.register(
            OutputsToRegister(
                derivation: .hello, directories: [.standard: fixture.scratch.path + "/o"],
                candidates: [input.name]))[0].name
    }

    @Test func closuresTravel() throws {
        let (here, there) = (try StoreFixture(), try StoreFixture())
        let name = try makeClosure(here)
        let archive = try export([name], here.store)
        #expect(try export([name], here.store) == archive)
        for _ in 0..<2 {
            let imported = try importAll(archive, there.store, partBytes: 7)
            #expect(imported.map(\.name) == (try here.store.findClosure(of: [name])))
        }
        #expect(try there.store.objects() == (try here.store.objects()))
        #expect(
            try there.store.findReferences(of: name) == (try here.store.findReferences(of: name)))
        #expect(try there.store.verify() == [])
        #expect(try export([name], there.store) == archive)
    }

    @Test func anyTreeTravels() throws {
        let (here, there) = (try StoreFixture(), try StoreFixture())
        for seed in 20...22 as ClosedRange<UInt64> {
            let path = try RandomTree(seed: seed).make(in: here, as: "tree \(seed)")
            let object = try here.store.add(directory: path)
            let imported = try importAll(try export([object.name], here.store), there.store)
            #expect(imported == [object], "seed \(seed)")
            let copy = try there.independently(there.store.diskPath(of: object.name))
            #expect(copy == "\(object.tree) \(object.name)", "seed \(seed)")
        }
    }

    @Test func noChangeGoesUnnoticed() throws {
        let here = try StoreFixture()
        let archive = try export([try makeClosure(here)], here.store)
        let there = try StoreFixture()
        for offset in stride(from: 0, to: archive.count, by: 41) {
            var changed = archive
            changed[offset] ^= 1
            #expect(throws: StoreError.self, "byte \(offset)") {
                try importAll(changed, there.store)
            }
            #expect(throws: StoreError.self, "\(offset) bytes") {
                try importAll(Array(archive.prefix(offset)), there.store)
            }
        }
        #expect(try there.store.verify() == [])
    }
}
