import BrambleModel
import Glibc
import TestKit
import Testing

@testable import BrambleBuild

/// Archives, honest and hostile: `make_archives.py` says what is in each.
@Suite struct UnpackingTests {
    /// What an archive must be refused with.
    struct Refusal: CustomTestStringConvertible {
        let archive: String
        let message: String

        init(_ archive: String, _ message: String) {
            self.archive = archive
            self.message = message
        }

        var testDescription: String { archive }
    }

    /// Small enough for the archives that go over them to be small too.
    private static let limits = UnpackLimits(
        totalBytes: 250_000, entries: 30, depth: 200, ratio: 20, ratioFreeBytes: 50_000)

    private func unpack(
        _ archive: String, stripping count: Int = 0, limits: UnpackLimits = limits,
        isCancelled: @escaping @Sendable () -> Bool = { false }, into directory: String
    ) throws {
        try Unpacking(stripComponents: count, limits: limits, isCancelled: isCancelled)
            .unpack(archive, into: directory)
    }

    @Test func refusesHostileArchives() throws {
        let archives = try SampleArchives()
        for refusal in UnpackingTests.refusals {
            let scratch = try ScratchFolder()
            do {
                try unpack(archives.path(refusal.archive), into: scratch.path + "/out")
                Issue.record("\(refusal.archive) was unpacked: \(try listing(scratch.path))")
            } catch let error as FetchError {
                #expect(error.description == refusal.message, "\(refusal.archive)")
            }
            #expect(try listing(scratch.path) == "", "\(refusal.archive) left something")
        }
        #expect(access("/tmp/bramble-outside", F_OK) != 0)
    }

    static let refusals = [
        Refusal("dot-dot.tar", "")
    ]

    @Test(arguments: [
        "honest.tar", "honest-gnu.tar", "honest.tar.gz", "honest.tar.bz2", "honest.tar.xz",
        "honest.tar.zst", "honest-two-streams.tar.gz",
    ])
    func unpacksTarFiles(name: String) throws {
        let archives = try SampleArchives()
        let scratch = try ScratchFolder()
        try unpack(archives.path(name), into: scratch.path + "/out")
        try GoldenFile("honest.txt").check(listing(scratch.path + "/out"))
    }

    @Test func unpacksZipFiles() throws {
        let archives = try SampleArchives()
        let scratch = try ScratchFolder()
        try unpack(archives.path("honest.zip"), stripping: 1, into: scratch.path + "/out")
        #expect(
            try listing(scratch.path + "/out") == """
                -rw-r--r-- 1 7 Zo\u{eb}
                drwxr-xr-x 2 4096 bin
                lrwxrwxrwx 1 4 bin/alias -> tool
                -rwxr-xr-x 1 10 bin/tool
                -rw-r--r-- 1 6 readme

                """)
    }

    @Test func acceptsOneBlockOfZerosAsTheEnd() throws {
        let scratch = try ScratchFolder()
        try unpack(
            SampleArchives().path("honest-one-block-of-end.tar"), stripping: 1,
            into: scratch.path + "/out")
        #expect(try listing(scratch.path + "/out") == "-rw-r--r-- 1 5 a\n")
    }

    @Test func strippingAllIsAnError() throws {
        let scratch = try ScratchFolder()
        let archive = try SampleArchives().path("honest.tar")
        let error = #expect(throws: FetchError.self) {
            try unpack(archive, stripping: 9, into: scratch.path + "/out")
        }
        #expect(
            error?.description == """
                nothing is left of it
                hint: `strip_components` is 9: make it less
                """)
    }

    @Test func endsWhenCancelledAndLeavesNothing() throws {
        let scratch = try ScratchFolder()
        let archive = try SampleArchives().path("honest.tar")
        #expect(throws: CancellationError.self) {
            try unpack(archive, isCancelled: { true }, into: scratch.path + "/out")
        }
        #expect(try listing(scratch.path) == "")
    }

    @Test func theDirectoryMustBeNew() throws {
        let scratch = try ScratchFolder()
        try scratch.write("mine", to: "out/file")
        let archive = try SampleArchives().path("honest.tar")
        #expect(throws: FetchError.self) { try unpack(archive, into: scratch.path + "/out") }
        #expect(try TextFile.read(scratch.path + "/out/file") == "mine")
    }

    @Test(arguments: [
        ("a.tar", true), ("a.tar.gz", true), ("A.TGZ", true), ("a.tar.bz2", true), ("a.txz", true),
        ("a.tar.zst", true), ("a.zip", true), (".zip", false), ("a.whl", false), ("a.gz", false),
        ("tar", false), ("a.tar.lz", false),
    ])
    func extensionsOfArchives(name: String, isArchive: Bool) {
        #expect(ArchiveExtension.isArchive(fileName: name) == isArchive)
    }
}
