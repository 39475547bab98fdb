import FoundationEssentials
import Glibc
import TestKit
import Testing

@testable import BrambleBuild

/// Archives, honest and hostile: `make_archives.py` says what is in each.
@Suite struct UnpackingTests {
    /// Small enough for the archives that go over them to be small too.
    private static let limits = UnpackLimits(
        totalBytes: 250_000, entries: 30, depth: 200, ratio: 20, ratioFreeBytes: 50_000)

    private func unpack(
        _ archive: String, stripping count: Int = 0, limits: UnpackLimits = limits,
        isCancelled: @escaping @Sendable () -> Bool = { false }, into directory: String
    ) throws {
        try Unpacking(stripComponents: count, limits: limits, isCancelled: isCancelled)
            .unpack(SampleArchives.folder() + "/" + archive, into: directory)
    }

    private func entries(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder)
    }

    /// All archives that are not honest, with what each is refused with.
    @Test func refusesHostileArchives() throws {
        var report = ""
        let folder = try SampleArchives.folder()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        for name in names where !name.hasPrefix("honest") {
            let scratch = try ScratchFolder()
            do {
                try unpack(name, into: scratch.path + "/out")
                Issue.record("\(name) was unpacked:\n\(try listing(scratch.path))")
            } catch let error as FetchError {
                report += "\(name): \(error.code): \(error)\n"
            }
            #expect(try entries(scratch.path) == [], "\(name) left something")
        }
        #expect(access("/tmp/bramble-outside", F_OK) != 0)
        try GoldenFile("refused.txt").check(report)
    }

    @Test(arguments: [
        "honest.tar", "honest-gnu.tar", "honest.tar.gz", "honest.tar.bz2", "honest.tar.xz",
        "honest.tar.zst", "honest-two-streams.tar.gz",
    ])
    func unpacksTarFiles(name: String) throws {
        let scratch = try ScratchFolder()
        try unpack(name, into: scratch.path + "/out")
        try GoldenFile("honest.txt").check(listing(scratch.path + "/out"))
    }

    @Test func unpacksZipFiles() throws {
        let scratch = try ScratchFolder()
        try unpack("honest.zip", stripping: 1, into: scratch.path + "/out")
        #expect(
            try listing(scratch.path + "/out") == """
                -rw-r--r-- 1 7 Zo\u{eb}
                drwxr-xr-x bin
                lrwxrwxrwx 1 4 bin/alias -> tool
                -rwxr-xr-x 1 10 bin/tool
                -rw-r--r-- 1 6 readme

                """)
    }

    @Test func acceptsOneBlockOfZerosAsTheEnd() throws {
        let scratch = try ScratchFolder()
        try unpack("honest-one-block-of-end.tar", stripping: 1, into: scratch.path + "/out")
        #expect(try listing(scratch.path + "/out") == "-rw-r--r-- 1 5 a\n")
    }

    @Test func holesOfSparseFilesAreZeros() throws {
        let scratch = try ScratchFolder()
        try unpack("honest-sparse.tar", into: scratch.path + "/out")
        let data = Array("data\n".utf8)
        let expected =
            Array(repeating: 0, count: 70_000) + data
            + Array(repeating: 0, count: 150_000 - 70_000 - data.count)
        let isEqual = try fileBytes(scratch.path + "/out/sparse") == expected
        #expect(isEqual)
    }

    @Test func strippingAllIsAnError() throws {
        let scratch = try ScratchFolder()
        let error = #expect(throws: FetchError.self) {
            try unpack("honest.tar", stripping: 9, into: scratch.path + "/out")
        }
        #expect(
            error?.description == """
                nothing is left of it
                hint: `strip_components` is 9: make it less
                """)
    }

    @Test func endsWhenCancelledAndLeavesNothing() throws {
        let scratch = try ScratchFolder()
        #expect(throws: CancellationError.self) {
            try unpack("honest.tar", isCancelled: { true }, into: scratch.path + "/out")
        }
        #expect(try listing(scratch.path) == "")
    }

    @Test func theDirectoryMustBeNew() throws {
        let scratch = try ScratchFolder()
        try scratch.write("mine", to: "out/file")
        #expect(throws: FetchError.self) {
            try unpack("honest.tar", into: scratch.path + "/out")
        }
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
