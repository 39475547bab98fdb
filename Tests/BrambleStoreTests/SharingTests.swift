import BrambleModel
import Glibc
import TestKit
import TestSupport
import Testing

@testable import BrambleStore

/// File systems that have no links, or no more of them, or cannot share blocks.
struct SharingTests {
    @Test(arguments: [FaultyFileSystem.Sharing.blocks, .nothing])
    func withoutLinksFilesAreCopies(_ sharing: FaultyFileSystem.Sharing) throws {
        let fixture = try StoreFixture { $0.fileSystem = FaultyFileSystem(sharing: sharing) }
        let first = try fixture.add(["a": "same", "b": "same"])
        let second = try fixture.add(["c": "same"])
        #expect(try fixture.shell("cat 'the store'/store/*/[abc]") == "samesamesame")
        #expect(try fixture.shell("stat -c %h 'the store'/store/*/[abc] | uniq") == "1\n")

        // Placeholders, archives, and repairs do without them as well.
        let own = Placeholder(derivation: .hello, output: .standard).storeName
        try fixture.shell("mkdir o && cp tree/c o/c && echo '\(own) \(first.name)' > o/f")
        let built = try fixture.store.register(
            OutputsToRegister(
                derivation: .hello, directories: [.standard: fixture.scratch.path + "/o"],
                candidates: [first.name]))[0].name
        var archive: [UInt8] = []
        try fixture.store.exportClosure(of: [built, second.name]) { archive += $0 }
        let other = try StoreFixture { $0.fileSystem = FaultyFileSystem(sharing: sharing) }
        var rest = archive[...]
        let imported = try other.store.importArchive { count in
            let part = rest.prefix(count)
            rest = rest.dropFirst(part.count)
            return Array(part)
        }
        #expect(Set(imported.map(\.name)) == [first.name, second.name, built])
        for store in [fixture.store, other.store] { #expect(try store.verify() == []) }
        let features = try fixture.store.probeSharing()
        #expect(!features.hasHardLinks && features.hasReflinks == (sharing == .blocks))

        try fixture.store.endLeases()
        _ = try fixture.store.collectGarbage(CollectionPolicy(keepSeconds: -10))
        #expect(try fixture.shell("find 'the store/store' 'the store/blobs' -type f") == "")
    }

    /// A file that has as many links as there may be: the next one is a copy, or a file system
    /// without such a limit has one more link.
    @Test func linksRunOut() throws {
        let fixture = try StoreFixture()
        let object = try fixture.add(["a": "shared"])
        let blob = try fixture.shell("find 'the store/blobs' -type f").dropLast()
        // ext4 allows 65,000 of them.
        let full = try fixture.shell(
            """
            mkdir links && python3 - '\(blob)' <<'END'
            import errno, os, sys
            try:
                for number in range(65100):
                    os.link(sys.argv[1], f"links/{number}")
            except OSError as error:
                print(errno.errorcode[error.errno])
            END
            """)
        #expect(["", "EMLINK\n"].contains(full))
        let other = try fixture.add(["b": "shared"])
        #expect(try fixture.shell("cat 'the store/store/\(other.name)/b'") == "shared")
        #expect(try fixture.store.verify() == [])
        #expect(try fixture.store.objects().count == 2 && object != other)
        try fixture.shell("rm -r links")
    }

    /// A store's blobs on another file system than its drafts: links fail with `EXDEV`.
    @Test func kernelsRefusalsAreOutcomes() throws {
        let fixture = try StoreFixture()
        try fixture.shell("echo > file && mkdir folder")
        let fileSystem = POSIXFileSystem()
        let folder = fixture.scratch.path
        func link(_ from: String, _ to: String) throws -> LinkOutcome {
            try fileSystem.makeLink(Place(from), at: Place(to))
        }
        #expect(try link(folder + "/none", folder + "/new") == .isMissing)
        #expect(try link(folder + "/file", folder + "/folder") == .isTaken)
        // Directories have no links; `/proc` is another file system.
        #expect(try link(folder + "/folder", folder + "/new") == .isRefused)
        #expect(try link("/proc/self/status", folder + "/new") == .isRefused)
        #expect(try link(folder + "/file", folder + "/new") == .made)
        let error = #expect(throws: StoreError.self) { try link(folder + "/file/x", folder + "/y") }
        #expect(error?.errorNumber == ENOTDIR)
    }
}
